//! Streams from iterators.

use std::error::Error as StdError;
use std::iter::FusedIterator;

use bytes::Bytes;

use super::Cipher;
use crate::operation::PIECE;
use crate::{Error, ErrorKind, Result};

/// What data comes from: an iterator of anything that is `AsRef<[u8]>`, or of results of such.
/// `M` tells the two apart, and is never written.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no data",
    label = "expected an iterator of byte slices, vectors, arrays, `Bytes`, or of results of these"
)]
pub trait IntoChunks<M> {
    /// The iterator, as streams use it.
    type Producer: Producer;

    /// The iterator, as streams use it.
    fn into_chunks(self) -> Self::Producer;
}

/// Gives data part by part, and may fail. Sealed.
pub trait Producer: sealed::Sealed {
    /// One part.
    type Chunk: AsRef<[u8]>;

    /// The next part, if there is one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Producer`] with what the iterator gave.
    fn next_chunk(&mut self) -> Option<Result<Self::Chunk>>;
}

mod sealed {
    pub trait Sealed {}

    impl<I> Sealed for super::Plain<I> {}
    impl<I> Sealed for super::Fallible<I> {}
}

/// An iterator whose items are data.
#[derive(Clone, Debug)]
pub struct Plain<I>(I);

/// An iterator whose items are data or errors.
#[derive(Clone, Debug)]
pub struct Fallible<I>(I);

impl<I> IntoChunks<Plain<()>> for I
where
    I: IntoIterator,
    I::Item: AsRef<[u8]>,
{
    type Producer = Plain<I::IntoIter>;

    fn into_chunks(self) -> Self::Producer {
        Plain(self.into_iter())
    }
}

impl<I, T, E> IntoChunks<Fallible<()>> for I
where
    I: IntoIterator<Item = Result<T, E>>,
    T: AsRef<[u8]>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    type Producer = Fallible<I::IntoIter>;

    fn into_chunks(self) -> Self::Producer {
        Fallible(self.into_iter())
    }
}

impl<I> Producer for Plain<I>
where
    I: Iterator,
    I::Item: AsRef<[u8]>,
{
    type Chunk = I::Item;

    fn next_chunk(&mut self) -> Option<Result<Self::Chunk>> {
        self.0.next().map(Ok)
    }
}

impl<I, T, E> Producer for Fallible<I>
where
    I: Iterator<Item = Result<T, E>>,
    T: AsRef<[u8]>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    type Chunk = T;

    fn next_chunk(&mut self) -> Option<Result<T>> {
        let failed = |error: E| Error::from(ErrorKind::Producer(error.into()));
        self.0.next().map(|item| item.map_err(failed))
    }
}

/// An encryption or decryption of what an iterator gives, as an iterator of the result.
/// `key.encrypt_stream(mechanism, chunks)` and `key.decrypt_stream(mechanism, chunks)` make one.
///
/// For each chunk there is at most one item, never an empty one (more for chunks of over 256 KiB),
/// and one for the end. After an error, which is the last item, the operation is cancelled and the
/// session free. A decryption that fails at its end has given data before: it is not to be used.
#[derive(Debug)]
#[must_use = "nothing is read or encrypted until it is iterated; dropped, it is cancelled"]
pub struct CipherStream<P: Producer> {
    producer: P,
    /// The chunk that is being worked on, and how much of it is done.
    chunk: Option<(P::Chunk, usize)>,
    /// Gone at the end.
    cipher: Option<Cipher>,
}

impl<P: Producer> CipherStream<P> {
    pub(super) fn new(cipher: Cipher, producer: P) -> Self {
        Self { producer, chunk: None, cipher: Some(cipher) }
    }

    /// The next output, which may be empty.
    fn step(&mut self) -> Result<Bytes> {
        let Some(cipher) = &mut self.cipher else {
            return Ok(Bytes::new());
        };
        let (chunk, done) = match self.chunk.take() {
            Some(chunk) => chunk,
            None => match self.producer.next_chunk().transpose()? {
                Some(chunk) => (chunk, 0),
                None => return self.cipher.take().map_or(Ok(Bytes::new()), Cipher::finish),
            },
        };
        let rest = chunk.as_ref().get(done..).unwrap_or_default();
        let piece = rest.get(..PIECE).unwrap_or(rest);
        let output = cipher.update(piece)?;
        let end = done.saturating_add(piece.len());
        if rest.len() > piece.len() {
            self.chunk = Some((chunk, end));
        }
        Ok(output)
    }
}

impl<P: Producer> Iterator for CipherStream<P> {
    type Item = Result<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.cipher.is_some() {
            match self.step() {
                Ok(output) if output.is_empty() => {}
                Ok(output) => return Some(Ok(output)),
                Err(error) => {
                    self.cipher = None;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

impl<P: Producer> FusedIterator for CipherStream<P> {}
