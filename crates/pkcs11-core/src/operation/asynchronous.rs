//! Operations of keys in an asynchronous session.

use super::job::{Job, KeyUse, kind_of};
use super::one_shot::zeroed;
use crate::asynchronous::{AsyncSession, Next, Pending, Run};
use crate::lock::OperationKind;
use crate::mechanism::{IntoMechanism, Output, Usage};
use crate::object::TokenObject;
use crate::{Error, Result};

/// Room beyond what is bounded, in bytes: there is no second try, and the longest signatures of no
/// known length have 49 856.
const MORE: usize = 64 << 10;

impl KeyUse<'_> {
    /// Starts an operation whose data and mechanism are its own.
    pub(crate) fn pending(
        self,
        asynchronous: &AsyncSession,
        usage: Usage,
        mechanism: impl IntoMechanism<'static>,
        data: Vec<u8>,
    ) -> Result<Pending<Vec<u8>>> {
        let key = self.object;
        let (kind, context) = (kind_of(usage), self.context(usage));
        let mechanism = mechanism.into_mechanism(&context);
        let mechanism = mechanism.map_err(|error| error.or_function(kind.init()))?;
        let job = Job::new(kind, &context, &mechanism, Some(self))?;
        let shape = job.shape();
        let session =
            asynchronous.for_calls_of(key.session()).map_err(|error| shape.said(error))?;
        if self.context_pin.is_some() {
            let what = "a PIN is not lent to calls that may be pending: use the call that waits";
            return Err(shape.said(Error::invalid(what)));
        }
        let data = match mechanism.prehash() {
            None => data,
            Some(_) => job.input(&data).bytes().to_vec(),
        };
        job.check_length(&shape, data.len())?;
        let bounded = shape.exact().is_some() || shape.output != Output::Any;
        let more = if bounded && shape.kind == OperationKind::Sign { 0 } else { MORE };
        let output = zeroed(shape.bound(data.len()).saturating_add(more))?;
        let name = shape.one_shot();
        let mut run = Run::new(session, shape.kind, name, Some(shape.mechanism))?;
        let (init, handle) = (kind.init(), key.handle());
        let next = Next { data, output };
        let begun = run.start(init, Some(next), |cryptoki, session| {
            cryptoki.async_init(session, init, mechanism, handle)
        })?;
        Pending::begun(run, begun, move |returned| {
            shape.checked(name, Ok(returned.output.len()))?;
            Ok(returned.output)
        })
    }
}
