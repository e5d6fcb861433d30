using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SpeechStream.Audio;

namespace SpeechStream.Session;

/// <summary>A transcription that owns the pump: it reads the source into a session of its own, and gives the session's events.</summary>
internal sealed class Transcription(
    SpeechStreamClient client, IAsyncEnumerable<ReadOnlyMemory<byte>> source, TranscriptionOptions? options, CancellationToken callToken)
    : IAsyncEnumerable<TranscriptionEvent>
{
    // A source that ignores its token can't be ended; it is left to itself after this.
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(1);

    private int _isEnumerated;

    // The read of the source that is under way before there is a session.
    private Task<bool> _reading = Task.FromResult(true);

    public IAsyncEnumerator<TranscriptionEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        Interlocked.Exchange(ref _isEnumerated, 1) == 0
            ? RunAsync(cancellationToken).GetAsyncEnumerator(cancellationToken)
            : throw new InvalidOperationException("The transcription was enumerated before. Call TranscribeAsync again, with the audio from its beginning.");

    // The tokens aren't given on: each must come out in the exception as itself, and not as one linked to both.
    private async IAsyncEnumerable<TranscriptionEvent> RunAsync([EnumeratorCancellation] CancellationToken enumerationToken)
    {
        using var stopReading = CancellationTokenSource.CreateLinkedTokenSource(callToken, enumerationToken);
        var pieces = source.GetAsyncEnumerator(stopReading.Token);
        var feeding = Task.CompletedTask;
        try
        {
            var (head, sessionOptions) = await ReadHeadAsync(pieces, enumerationToken, stopReading.Token).ConfigureAwait(false);
            var session = client.CreateSession(sessionOptions);
            await using (session.ConfigureAwait(false))
            {
                using var cancelCall = CancelWith(session, callToken);
                using var cancelEnumeration = CancelWith(session, enumerationToken);
                session.StartInBackground();
                feeding = Task.Run(() => FeedAsync(head, pieces, session.Audio), CancellationToken.None);
                await foreach (var transcriptionEvent in session.Events.ConfigureAwait(false))
                {
                    yield return transcriptionEvent;
                }
            }
        }
        finally
        {
            await stopReading.CancelAsync().ConfigureAwait(false);
            var read = Task.WhenAll(feeding, _reading);
            await read.WaitAsync(LongestFarewell, client.Context.Options.TimeProvider, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (read.IsCompleted)
            {
                await pieces.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static CancellationTokenRegistration CancelWith(TranscriptionSession session, CancellationToken token) =>
        token.UnsafeRegister(static (session, token) => ((TranscriptionSession)session!).Abort(new OperationCanceledException(token)), session);

    /// <summary>Reads as much as it takes to know whether it is WAV, and then its header: what can't be taken is refused before connecting.</summary>
    private async Task<(ReadOnlyMemory<byte> Head, TranscriptionOptions Options)> ReadHeadAsync(
        IAsyncEnumerator<ReadOnlyMemory<byte>> pieces, CancellationToken enumerationToken, CancellationToken stopReading)
    {
        var given = (options ?? new()).CopyValidated();
        var head = new ArrayBufferWriter<byte>();
        if (given.Format is not (AudioFormat.Pcm or AudioFormat.Wav))
        {
            return (default, given);
        }

        try
        {
            while (given.Format == AudioFormat.Wav || WaveHeader.CanBeWave(head.WrittenSpan))
            {
                if (WaveHeader.TryRead(head.WrittenSpan, out var header) == WaveHeaderResult.Done)
                {
                    return (head.WrittenMemory, given with { Format = AudioFormat.Wav, SampleRate = header.SampleRate });
                }

                // A source may ignore its token, or block; whoever cancels doesn't wait for it.
                _reading = Task.Run(async () => await pieces.MoveNextAsync().ConfigureAwait(false), CancellationToken.None);
                if (!await _reading.WaitAsync(stopReading).ConfigureAwait(false))
                {
                    return WaveHeader.LooksLikeWave(head.WrittenSpan) ? throw WaveHeader.EndedWithin(head.WrittenCount) : (head.WrittenMemory, given);
                }

                head.Write(pieces.Current.Span);
            }
        }
        catch (OperationCanceledException)
        {
            callToken.ThrowIfCancellationRequested();
            enumerationToken.ThrowIfCancellationRequested();
            throw;
        }

        return (head.WrittenMemory, given);
    }

    private static async Task FeedAsync(ReadOnlyMemory<byte> head, IAsyncEnumerator<ReadOnlyMemory<byte>> pieces, PipeWriter audio)
    {
        try
        {
            var isOver = !head.IsEmpty && (await audio.WriteAsync(head).ConfigureAwait(false)).IsCompleted;
            while (!isOver && await pieces.MoveNextAsync().ConfigureAwait(false))
            {
                isOver = (await audio.WriteAsync(pieces.Current).ConfigureAwait(false)).IsCompleted;
            }

            await audio.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The consumer gets it, as what ended the events.
            await audio.CompleteAsync(exception).ConfigureAwait(false);
        }
    }
}
