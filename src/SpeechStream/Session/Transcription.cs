namespace SpeechStream.Session;

/// <summary>Implements <c>TranscribeAsync</c>: when enumerated, it reads the source into a session of its own, and yields the events of that session.</summary>
internal sealed class Transcription(
    SpeechStreamClient client, IAsyncEnumerable<ReadOnlyMemory<byte>> source, TranscriptionOptions? options, CancellationToken callToken)
    : IAsyncEnumerable<TranscriptionEvent>
{
    private int _isEnumerated;

    public IAsyncEnumerator<TranscriptionEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        Interlocked.Exchange(ref _isEnumerated, 1) == 0
            ? new EventEnumerator(RunAsync(cancellationToken))
            : throw new InvalidOperationException("The transcription was enumerated before. Call TranscribeAsync again, with the audio from its beginning.");

    // The source gets a token that is linked to everything that may end the transcription. The consumer gets an exception with the token that was canceled.
    private async IAsyncEnumerator<TranscriptionEvent> RunAsync(CancellationToken enumerationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(callToken, enumerationToken, client.Disposed);
        var feed = new AudioFeed(source, client.Context.Logger, stop.Token);
        try
        {
            // Read the head first, so that audio that the service doesn't take is refused before a connection is made.
            var settings = await ReadHeadAsync(feed, enumerationToken, stop.Token).ConfigureAwait(false);
            if (settings.ResumeFrom is not null && feed.IsEmpty)
            {
                yield return new TranscriptionCompleted();
                yield return new ChannelClosed { Summary = new SessionSummary { Drained = true } };
                yield break;
            }

            var session = client.CreateSession(settings);
            await using (session.ConfigureAwait(false))
            {
                using var cancelCall = CancelWith(session, callToken);
                using var cancelEnumeration = CancelWith(session, enumerationToken);
                session.StartInBackground();
                feed.WriteTo(session.Audio);
                await foreach (var transcriptionEvent in session.Events.ConfigureAwait(false))
                {
                    yield return transcriptionEvent;
                }
            }
        }
        finally
        {
            try
            {
                await stop.CancelAsync().ConfigureAwait(false);
            }
            finally
            {
                // Also when a callback fails that the source has registered on the token.
                await feed.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static CancellationTokenRegistration CancelWith(TranscriptionSession session, CancellationToken token) =>
        token.UnsafeRegister(static (session, token) => ((TranscriptionSession)session!).Abort(new OperationCanceledException(token)), session);

    private async Task<TranscriptionOptions> ReadHeadAsync(AudioFeed feed, CancellationToken enumerationToken, CancellationToken stop)
    {
        try
        {
            return await feed.ReadHeadAsync(client.Context.Settings(options)).ConfigureAwait(false);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            callToken.ThrowIfCancellationRequested();
            enumerationToken.ThrowIfCancellationRequested();
            throw new ObjectDisposedException(nameof(SpeechStreamClient));
        }
    }
}
