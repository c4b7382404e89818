//! Login belongs to the token: every session that gave a PIN has a share in it.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Token;
use crate::module::lock;
use crate::raw::SessionHandle;
use crate::{Error, ErrorKind, Function, Pin, Result, ReturnCode, TokenFlags, UserType};

/// Who is logged in, as far as we made it so.
#[derive(Debug, Default)]
pub(crate) struct Login {
    current: Option<Current>,
    /// How many logins there were: a share in one that the token has ended by itself is void.
    count: u64,
}

impl Login {
    /// The login that the share is in, if it is the one of now.
    fn of(&mut self, share: &LoginShare) -> Option<&mut Current> {
        self.current.as_mut().filter(|current| current.number == share.number)
    }
}

struct Current {
    user: UserType,
    /// Of `C_LoginUser`.
    name: Option<String>,
    pin: PinDigest,
    shares: usize,
    number: u64,
}

/// A session's share in the login of its token. Giving it up is explicit, since it takes a
/// session to log out.
#[derive(Debug)]
pub(crate) struct LoginShare {
    number: u64,
}

impl Token {
    /// Logs in with a session, or takes a share in a login that the same PIN has made.
    ///
    /// The module is always asked: it alone knows the PIN. But where it is logged in already it
    /// answers so to a wrong PIN too, and then the PIN must be the one that logged in.
    pub(crate) fn login(
        &self,
        session: SessionHandle,
        (user, name): (UserType, Option<&str>),
        pin: &Pin,
        final_try: bool,
    ) -> Result<LoginShare> {
        // Under the lock, so that two threads do not spend the last tries at once.
        let mut login = lock(&self.state().login);
        self.check_flags(user, pin, final_try)?;
        let digest = PinDigest::of(pin)?;
        let cryptoki = &self.module().state().cryptoki;
        let answer = match name {
            Some(name) => cryptoki.login_user(session, user, name, pin),
            None => cryptoki.login(session, user, pin),
        };
        let already = answer.as_ref().err().and_then(Error::return_code)
            == Some(ReturnCode::USER_ALREADY_LOGGED_IN);
        let is_same =
            |current: &&mut Current| current.user == user && current.name.as_deref() == name;
        let same = login.current.as_mut().filter(is_same);
        match (answer, same) {
            // The module lets the same user in again, or says that they are in.
            (answer, Some(current)) if (answer.is_ok() || already) && current.pin.is_of(pin)? => {
                current.shares += 1;
                Ok(LoginShare { number: current.number })
            }
            (Err(error), Some(_)) if already => Err(error.with_kind(ErrorKind::PinIncorrect)),
            (Ok(()), _) => {
                // Nobody was in, as far as the module knows: earlier shares are void.
                login.count += 1;
                let number = login.count;
                let name = name.map(str::to_owned);
                login.current = Some(Current { user, name, pin: digest, shares: 1, number });
                Ok(LoginShare { number })
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Whether the share is in the login of now.
    pub(crate) fn is_current(&self, share: &LoginShare) -> bool {
        lock(&self.state().login).of(share).is_some()
    }

    /// Gives a share up; the last one logs out. A share whose logout fails is kept.
    pub(crate) fn leave(&self, session: SessionHandle, share: &LoginShare) -> Result<()> {
        let mut login = lock(&self.state().login);
        let Some(current) = login.of(share) else {
            return Ok(());
        };
        if current.shares > 1 {
            current.shares -= 1;
            return Ok(());
        }
        let answer = self.module().state().cryptoki.logout(session);
        let code = answer.as_ref().err().and_then(Error::return_code);
        if answer.is_ok() || code == Some(ReturnCode::USER_NOT_LOGGED_IN) {
            login.current = None;
        }
        answer
    }

    /// Gives a share up without a word to the module: the token may still be logged in, and the
    /// right PIN joins again.
    pub(crate) fn forfeit(&self, share: &LoginShare) {
        if let Some(current) = lock(&self.state().login).of(share) {
            current.shares = current.shares.saturating_sub(1);
        }
    }

    /// Nobody is logged in any more: all sessions are closed.
    pub(crate) fn logged_out(&self) {
        lock(&self.state().login).current = None;
    }

    /// Remembers the new PIN of whoever is logged in.
    pub(crate) fn pin_changed(&self, pin: &Pin) -> Result<()> {
        if let Some(current) = lock(&self.state().login).current.as_mut() {
            current.pin = PinDigest::of(pin)?;
        }
        Ok(())
    }

    /// Refuses what the token's flags say cannot or should not be tried.
    fn check_flags(&self, user: UserType, pin: &Pin, final_try: bool) -> Result<()> {
        // Within the session's gate, which finalizing waits for: no pass of the module's.
        let info = self.module().state().cryptoki.token_info(self.slot().id())?;
        let flags = TokenFlags::from_bits_retain(info.flags);
        if pin.bytes().is_none() && !flags.contains(TokenFlags::PROTECTED_AUTHENTICATION_PATH) {
            let what = "the token has no protected authentication path: give a PIN";
            return Err(Error::invalid(what).in_function(Function::Login));
        }
        let last = match user {
            UserType::SO => TokenFlags::SO_PIN_FINAL_TRY,
            UserType::USER => TokenFlags::USER_PIN_FINAL_TRY,
            _ => TokenFlags::empty(),
        };
        if !final_try && flags.intersects(last) {
            return Err(Error::from(ErrorKind::PinFinalTry).in_function(Function::Login));
        }
        Ok(())
    }
}

/// Enough of a PIN to know it again: a digest with a key of this process.
struct PinDigest(Option<[u8; 32]>);

impl PinDigest {
    fn of(pin: &Pin) -> Result<Self> {
        let mac = pin.bytes().map(Self::mac).transpose()?;
        Ok(Self(mac.map(|mac| mac.finalize().into_bytes().into())))
    }

    /// Compares in constant time.
    fn is_of(&self, pin: &Pin) -> Result<bool> {
        match (&self.0, pin.bytes()) {
            (Some(digest), Some(pin)) => Ok(Self::mac(pin)?.verify_slice(digest).is_ok()),
            // The token asked whoever it was, and let them in.
            (None, None) => Ok(true),
            _ => Ok(false),
        }
    }

    fn mac(pin: &[u8]) -> Result<Hmac<Sha256>> {
        use std::sync::OnceLock;
        static KEY: OnceLock<Zeroizing<[u8; 32]>> = OnceLock::new();
        let key = match KEY.get() {
            Some(key) => key,
            None => {
                let mut key = Zeroizing::new([0; 32]);
                getrandom::fill(&mut *key).map_err(|_| Error::from(ErrorKind::NoEntropy))?;
                KEY.get_or_init(|| key)
            }
        };
        let mac = Hmac::new_from_slice(&**key);
        Ok(mac.map_err(|_| Error::from(ErrorKind::NoEntropy))?.chain_update(pin))
    }
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Current")
            .field("user", &self.user)
            .field("shares", &self.shares)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_known_again_and_no_other() {
        let digest = PinDigest::of(&"1234".into()).unwrap();
        assert!(digest.is_of(&"1234".into()).unwrap());
        assert!(!digest.is_of(&"1235".into()).unwrap());
        assert!(!digest.is_of(&Pin::PROTECTED_PATH).unwrap());
        let path = PinDigest::of(&Pin::PROTECTED_PATH).unwrap();
        assert!(path.is_of(&Pin::PROTECTED_PATH).unwrap());
    }
}
