//! Profiles that a token claims to conform to (PKCS#11 §4.14).

use super::{Profile, TokenObject};
use crate::{ProfileId, Result, Session, Token, attr};

impl Profile {
    /// Which profile it is.
    ///
    /// # Errors
    ///
    /// As [`get`](TokenObject::get).
    pub fn id(&self) -> Result<ProfileId> {
        self.get(attr::PROFILE_ID)
    }
}

impl Session {
    /// The profiles that the token claims to conform to; none on tokens of before 3.0. Wraps
    /// `C_FindObjects` and `C_GetAttributeValue` (PKCS#11 §5.7.8, §5.7.5).
    ///
    /// ```no_run
    /// # fn f(session: &pkcs11_core::Session) -> pkcs11_core::Result<()> {
    /// use pkcs11_core::ProfileId;
    ///
    /// let baseline = session.profiles()?.contains(&ProfileId::BASELINE_PROVIDER);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`find`](Self::find), and as [`get`](TokenObject::get) of the first profile that cannot
    /// be read.
    pub fn profiles(&self) -> Result<Vec<ProfileId>> {
        self.find::<Profile>().all()?.iter().map(Profile::id).collect()
    }
}

impl Token {
    /// The same, read in a session of its own without a login. Wraps `C_OpenSession`,
    /// `C_FindObjects`, `C_GetAttributeValue` and `C_CloseSession` (PKCS#11 §5.6.1, §5.7.8, §5.7.5,
    /// §5.6.2).
    ///
    /// # Errors
    ///
    /// What `C_OpenSession` answers, `CKR_SESSION_READ_WRITE_SO_EXISTS` say where the security
    /// officer is logged in; else as [`Session::profiles`].
    pub fn profiles(&self) -> Result<Vec<ProfileId>> {
        let session = self.open().read_only().start()?;
        let profiles = session.profiles()?;
        session.close()?;
        Ok(profiles)
    }
}
