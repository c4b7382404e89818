//! Closing all sessions of a token at once.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Instant;

use super::{ModuleState, lock};
use crate::session::SessionInner;
use crate::token::Token;
use crate::{Error, ErrorKind, Result};

impl ModuleState {
    /// Closes the gates of the token's sessions, or none of them; then the sessions.
    pub(crate) fn close_all_sessions(&self, token: &Token) -> Result<()> {
        if !self.cryptoki.is_own_process() {
            return Err(ErrorKind::Forked.into());
        }
        let start = Instant::now();
        let left = || self.options.limit().saturating_sub(start.elapsed());
        // Nobody opens a session meanwhile, or closes one whose handle is gone.
        if !self.gate.close(left()).map_err(|_| Error::from(ErrorKind::Finalized))? {
            return Err(ErrorKind::OperationActive(None).into());
        }
        let mut sessions: Vec<Arc<SessionInner>> =
            lock(&self.sessions).iter().filter_map(Weak::upgrade).collect();
        let mut failed = None;
        let mut shut = Vec::new();
        for session in sessions.iter().filter(|session| session.token() == token) {
            match session.shut(left()) {
                Ok(true) => shut.push(Arc::clone(session)),
                // Closed already.
                Ok(false) => {}
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        let answer = match failed {
            Some(error) => Err(error),
            None => self.cryptoki.close_all_sessions(token.slot().id()),
        };
        if answer.is_ok() {
            token.state().closings.fetch_add(1, Ordering::Relaxed);
            token.logged_out();
            shut.iter().for_each(|session| session.seal());
        } else {
            shut.iter().for_each(|session| session.reopen());
        }
        // Before the last handle of a session may go here: its end passes this gate.
        self.gate.reopen();
        sessions.clear();
        answer
    }
}
