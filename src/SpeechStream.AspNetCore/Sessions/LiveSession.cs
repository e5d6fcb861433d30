using System.Buffers;
using System.IO.Pipelines;
using SpeechStream.AspNetCore.Messages;

namespace SpeechStream.AspNetCore.Sessions;

/// <summary>A session that outlives the connections of its page: while none is attached it waits for the grace time, and so do its last words.</summary>
internal sealed class LiveSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TranscriptionSession _session;
    private readonly SpeechStreamEndpointOptions _limits;
    private readonly PipeWriter _audio;
    private readonly Task _converting;
    private readonly Attachments _attachments;
    private readonly ITimer _duration;
    private bool _isAudioOver;
    private volatile bool _isSaid;
    private long _received;

    /// <param name="id">What viewers know it by.</param>
    /// <param name="session">The session, not started.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="seen">The number of the last message that another server has given the page.</param>
    /// <param name="limits">How long it may last, and wait.</param>
    /// <param name="time">Measures that.</param>
    public LiveSession(string id, TranscriptionSession session, SessionRequest request, long seen, SpeechStreamEndpointOptions limits, TimeProvider time)
    {
        (Id, Request, Log, _session, _limits) = (id, request, new EventLog(seen, limits.HistoryBytes), session, limits);
        _received = request is { Rate: { } rate, Options.ResumeFrom: { } from } ? (long)Math.Round(from.Time.TotalSeconds * rate) * 2 : 0;
        using (ExecutionContext.SuppressFlow())
        {
            // Nothing here must keep the request that began the session.
            (_audio, _converting) = AudioInlet.Open(session, request.Rate, request.Options.SampleRate);
            _attachments = new(limits.GraceTime, time, () => !_isSaid || Log.IsComplete, session.Dispose); // last words still go to viewers
            _duration = time.CreateTimer(static live => ((LiveSession)live!).EndOfDuration(), this, limits.MaxDuration, Timeout.InfiniteTimeSpan);
        }
    }

    public string Id { get; }

    public SessionRequest Request { get; }

    /// <summary>What it has said.</summary>
    public EventLog Log { get; }

    /// <summary>Whether it has failed in a way that another session may not: its page then begins one in its place.</summary>
    public bool MayGoOnElsewhere { get; private set; }

    /// <summary>How many bytes of the page's audio have arrived, or weren't needed any more.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Completes when it has its first connection to the service, and takes audio. Fails when it gets none.</summary>
    public Task Starting { get; private set; } = Task.CompletedTask;

    /// <summary>Starts it, and reads its events.</summary>
    /// <param name="failed">Is told what ends it before its time.</param>
    /// <param name="gone">Called when nobody can come back to it.</param>
    public void Start(Action<Exception> failed, Action<LiveSession> gone)
    {
        using (ExecutionContext.SuppressFlow())
        {
            Starting = _session.StartAsync();
            _ = LiveAsync(failed, gone);
        }
    }

    /// <inheritdoc cref="Attachments.AddAsync"/>
    public Task<Attachment?> AttachAsync(CancellationToken cancellationToken) => _attachments.AddAsync(cancellationToken);

    /// <summary>Takes audio from the attached connection, and waits while the session has enough, or has no service yet.</summary>
    /// <returns>False when the session takes no more.</returns>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> audio, CancellationToken cancellationToken)
    {
        // Until it is connected it would take a minute of a recording at once, which a server that stops can't wait for.
        await Starting.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_isAudioOver)
            {
                return false;
            }

            _audio.Write(audio.Span);
            Volatile.Write(ref _received, _received + audio.Length);
        }

        try
        {
            return !(await _audio.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCompleted;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The session ends with it, and its events tell it.
            return false;
        }
    }

    /// <summary>Everything is said: the last results follow, here, whether or not the page waits for them. May be called from any thread, and again.</summary>
    /// <param name="error">Why the audio can't be read on; null at its end.</param>
    public void EndAudio(Exception? error = null)
    {
        MarkSaid();
        Drain(error);
    }

    /// <summary>Everything is said, though not all of it is taken yet: nobody is sent away when the server stops.</summary>
    public void MarkSaid() => _isSaid = true;

    /// <summary>No more audio is taken: the last results follow, unless the page goes on elsewhere. May be called from any thread, and again.</summary>
    /// <param name="error">Why the audio can't be read on; null at its end.</param>
    public void Drain(Exception? error = null)
    {
        lock (_lock)
        {
            if (_isAudioOver)
            {
                return;
            }

            _isAudioOver = true;
        }

        if (error is null && Request.Rate is not null && !Starting.IsCompleted)
        {
            // Nothing was taken yet: there is nothing to start for. A recording without a byte fails by itself.
            Log.Add(new CompletedMessage(Request.Options.ResumeFrom?.Sentences ?? 0));
            _session.Dispose();
        }

        _audio.Complete(error);
    }

    /// <summary>Ends it at once, for everybody.</summary>
    public void Dispose()
    {
        _attachments.Close();
        _session.Dispose();
    }

    /// <summary>The server is about to stop. If there is more to say, page and viewers are told to go elsewhere, and it ends when no connection is attached, now or later.</summary>
    public void HandOver()
    {
        if (_isSaid)
        {
            return;
        }

        Log.Add(new ReconnectMessage());
        _attachments.HandOver();
    }

    private async Task LiveAsync(Action<Exception> failed, Action<LiveSession> gone)
    {
        await Task.Yield();
        try
        {
            await ReadAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits for it any more.
        }
        catch (Exception exception)
        {
            failed(exception);
            var error = Refusal.Of(exception);
            MayGoOnElsewhere = error.Retry;
            Log.Add(error);
        }

        Log.Complete();
        EndAudio();
        await _converting.ConfigureAwait(false);
        await _duration.DisposeAsync().ConfigureAwait(false);
        _attachments.BeginGraceTime();
        await _attachments.Over.ConfigureAwait(false);
        await _attachments.DisposeAsync().ConfigureAwait(false);
        gone(this);
    }

    private async Task ReadAsync()
    {
        var messages = new EventMessages(Request.Options.ResumeFrom.GetValueOrDefault());
        try
        {
            await foreach (var happened in _session.Events.ConfigureAwait(false))
            {
                if (messages.MessageOf(happened) is { } message)
                {
                    Log.Add(message);
                }
            }
        }
        finally
        {
            await Starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void EndOfDuration()
    {
        Log.Add(Refusal.TooLong(_limits.MaxDuration));
        EndAudio();
    }
}
