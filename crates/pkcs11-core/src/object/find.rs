//! Searching for objects.

use std::marker::PhantomData;

use super::{Object, ObjectKind};
use crate::attribute::{Attr, IntoValue, attr};
use crate::lock::OperationKind;
use crate::operation::Operation;
use crate::session::Session;
use crate::{Error, ErrorKind, Function, KeyType, Result, ReturnCode, Template};

/// The first batch; each later one is twice as large.
const FIRST_BATCH: usize = 64;
const LARGEST_BATCH: usize = 4096;
/// More objects than this are not believed to be on one token.
const MOST: usize = 1 << 24;

/// A search, as `session.find::<SecretKey>().label("aes256").one()?`. It ends with
/// [`one`](Self::one), [`first`](Self::first) or [`all`](Self::all).
///
/// Private objects, as most keys are, show only to a session whose user is logged in.
///
/// All handles are taken in one hold of the session's lock; the objects are then yielded
/// without it, so using one, or searching again, inside the loop just works. What another
/// process destroys meanwhile is still yielded, and says that it is gone when it is used.
#[derive(Debug)]
#[must_use = "a search does nothing until it is asked for objects"]
pub struct Find<'s, T> {
    session: &'s Session,
    template: Template<'s>,
    limit: usize,
    kind: PhantomData<fn() -> T>,
}

impl Session {
    /// A search for objects of this class: `find::<SecretKey>()`, or `find::<Object>()` for any.
    pub fn find<T: ObjectKind>(&self) -> Find<'_, T> {
        let mut template = Template::new();
        if let Some(class) = T::CLASS {
            template.set(attr::CLASS, class);
        }
        Find { session: self, template, limit: MOST, kind: PhantomData }
    }
}

impl<'s, T: ObjectKind> Find<'s, T> {
    /// With this label (`CKA_LABEL`).
    pub fn label(self, label: &'s str) -> Self {
        self.with(attr::LABEL, label)
    }

    /// With this identifier (`CKA_ID`).
    pub fn id(self, id: &'s [u8]) -> Self {
        self.with(attr::ID, id)
    }

    /// With this key type (`CKA_KEY_TYPE`).
    pub fn key_type(self, key_type: KeyType) -> Self {
        self.with(attr::KEY_TYPE, key_type)
    }

    /// With this attribute.
    pub fn with<A: ?Sized>(mut self, attribute: Attr<A>, value: impl IntoValue<'s, A>) -> Self {
        self.template.set(attribute, value);
        self
    }

    /// At most this many.
    pub fn limit(mut self, most: usize) -> Self {
        self.limit = most.min(MOST);
        self
    }

    /// All that match. Wraps `C_FindObjectsInit`, `C_FindObjects` and `C_FindObjectsFinal`
    /// (PKCS#11 §5.7.7 to §5.7.9).
    ///
    /// # Errors
    ///
    /// What the three functions answer, or [`ErrorKind::OperationActive`] if another operation
    /// does not end in time.
    pub fn all(self) -> Result<Vec<T>> {
        self.search().map_err(|error| match T::CLASS {
            Some(class) => error.on_class(class),
            None => error,
        })
    }

    fn search(self) -> Result<Vec<T>> {
        let template = self.template.pack(Function::FindObjectsInit)?;
        let mut search =
            Operation::start(self.session, OperationKind::Find, None, |cryptoki, session| {
                cryptoki.find_objects_init(session, &template)
            })?;
        let mut handles = Vec::new();
        let mut batch = FIRST_BATCH;
        while handles.len() < self.limit {
            let most = batch.min(self.limit - handles.len());
            let found = search
                .call(|cryptoki, session| cryptoki.find_objects(session, most, &mut handles))?;
            if found == 0 {
                break;
            }
            if handles.len() >= MOST {
                return Err(Error::misbehaved(
                    Function::FindObjects,
                    "it finds objects without end",
                ));
            }
            batch = (batch * 2).min(LARGEST_BATCH);
        }
        match search.call(|cryptoki, session| cryptoki.find_objects_final(session)) {
            // Some modules end a search themselves.
            Err(error) if error.return_code() != Some(ReturnCode::OPERATION_NOT_INITIALIZED) => {
                return Err(error);
            }
            _ => search.finish(),
        }
        let object = |handle| T::of(Object::new(self.session.clone(), handle));
        Ok(handles.into_iter().map(object).collect())
    }

    /// The one that matches. Asks for no more than two.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] or [`ErrorKind::MultipleObjects`], with the class; else as
    /// [`all`](Self::all).
    pub fn one(self) -> Result<T> {
        let mut found = self.limit(2).all()?;
        let one = found.pop();
        let error = match one {
            Some(object) if found.is_empty() => return Ok(object),
            Some(_) => Error::from(ErrorKind::MultipleObjects),
            None => Error::from(ErrorKind::NotFound),
        };
        let error = error.in_function(Function::FindObjects);
        Err(match T::CLASS {
            Some(class) => error.on_class(class),
            None => error,
        })
    }

    /// The first that matches, if any; which one is the token's choice.
    ///
    /// # Errors
    ///
    /// As [`all`](Self::all).
    pub fn first(self) -> Result<Option<T>> {
        self.limit(1).all().map(|mut found| found.pop())
    }
}
