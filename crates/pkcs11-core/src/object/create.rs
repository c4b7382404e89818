//! Making objects of known values, and copying them.

use super::{Object, ObjectKind};
use crate::attribute::attr;
use crate::raw::ObjectHandle;
use crate::session::Session;
use crate::{Function, Result, Template};

impl Session {
    /// Makes an object of this class with these attributes, the class among them if it is not
    /// given. Wraps `C_CreateObject` (PKCS#11 §5.7.1).
    ///
    /// No defaults are added beyond the class. An object without `CKA_TOKEN` is gone with the
    /// session.
    ///
    /// # Errors
    ///
    /// What `C_CreateObject` answers.
    pub fn create<T: ObjectKind>(&self, template: &Template<'_>) -> Result<T> {
        let mut template = template.clone();
        if let Some(class) = T::CLASS {
            template.set_default(attr::CLASS, class);
        }
        let packed = template.pack(Function::CreateObject)?;
        let handle = self.call(Function::CreateObject, |cryptoki, session| {
            cryptoki.create_object(session, &packed)
        });
        let handle = handle.map_err(|error| match T::CLASS {
            Some(class) => error.on_class(class),
            None => error,
        })?;
        let object = Object::new(self.clone(), handle);
        object.learn(&template);
        Ok(T::of(object))
    }

    /// The object of this handle, taken as one of this class: for handles that come from calls
    /// which this crate does not make. The module judges both.
    #[must_use]
    pub fn object<T: ObjectKind>(&self, handle: ObjectHandle) -> T {
        T::of(Object::new(self.clone(), handle))
    }

    /// Copies an object, with these attributes changed. Wraps `C_CopyObject` (PKCS#11 §5.7.2).
    ///
    /// # Errors
    ///
    /// What `C_CopyObject` answers.
    pub fn copy<T: ObjectKind>(&self, object: &T, changes: &Template<'_>) -> Result<T> {
        let packed = changes.pack(Function::CopyObject)?;
        let handle = object.handle();
        let copy = self.call(Function::CopyObject, |cryptoki, session| {
            cryptoki.copy_object(session, handle, &packed)
        })?;
        Ok(T::of(Object::new(self.clone(), copy)))
    }
}
