using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SpeechStream.AspNetCore.Diagnostics;
using SpeechStream.AspNetCore.Messages;

namespace SpeechStream.AspNetCore.Sessions;

/// <summary>The sessions of one endpoint on this server.</summary>
internal sealed class LiveSessions(SpeechStreamClient client, SpeechStreamEndpointOptions limits, TimeProvider time, ILogger logger, CancellationToken stopping)
{
    /// <summary>How long clients have to go to another server when this one is about to stop.</summary>
    private static readonly TimeSpan HandOverTime = TimeSpan.FromSeconds(2);

    /// <summary>How long the service may take to be there before pages are told that it is waited for.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, LiveSession> _sessions = new();
    private readonly Lock _starting = new();

    public SpeechStreamEndpointOptions Limits => limits;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>Canceled when the server is about to stop.</summary>
    public CancellationToken Stopping => stopping;

    public LiveSession? Find(string id) => _sessions.GetValueOrDefault(id);

    /// <summary>Begins a session.</summary>
    /// <param name="key">Its secret.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="seen">The number of the last message that another server has given the page.</param>
    /// <exception cref="RefusedException">The user has as many sessions as allowed, or the settings are wrong, or the server is about to stop.</exception>
    public LiveSession Start(string key, SessionRequest request, long seen)
    {
        LiveSession live;
        lock (_starting)
        {
            if (stopping.IsCancellationRequested)
            {
                throw new RefusedException(Refusal.Stopping);
            }

            if (_sessions.Values.Count(session => session.Request.IsOfSameUser(request) && !session.Log.IsComplete) >= limits.MaxSessionsPerUser)
            {
                throw new RefusedException(Refusal.TooMany(limits.MaxSessionsPerUser));
            }

            live = new LiveSession(SessionKey.IdOf(key), Create(request), request, seen, limits, time);
            _sessions[live.Id] = live;
        }

        Telemetry.ActiveSessions.Add(1);
        Log.Started(logger, live.Id, request.Options.ResumeFrom?.Time.TotalSeconds ?? 0);
        live.Start(error => Log.Failed(logger, live.Id, error), Remove);
        using (ExecutionContext.SuppressFlow())
        {
            _ = TellOfStartAsync(live);
        }

        return live;
    }

    /// <summary>The server is about to stop: pages and viewers are told so, unless everything is said. A session that waits for its page ends, since nobody can come back to this server.</summary>
    public void HandOver()
    {
        lock (_starting)
        {
            foreach (var session in _sessions.Values)
            {
                session.HandOver();
            }
        }
    }

    /// <summary>When the server is about to stop, waits until the client has gone to another one, and drains the session if it doesn't.</summary>
    /// <param name="session">The session of the client.</param>
    /// <param name="over">Canceled when the client has gone, or has heard everything.</param>
    public async Task DrainAsync(LiveSession session, CancellationToken over)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, over);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(HandOverTime, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!over.IsCancellationRequested)
        {
            Log.Draining(logger, session.Id);
            session.Drain();
        }
    }

    /// <summary>Ends all of them at once.</summary>
    public void End()
    {
        foreach (var session in _sessions.Values)
        {
            session.Dispose();
        }
    }

    /// <summary>A session tells how it loses its connection and has it again, but nothing of the first one.</summary>
    private async Task TellOfStartAsync(LiveSession live)
    {
        var begun = time.GetTimestamp();
        await live.Starting.WaitAsync(StartTime, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (live.Starting.IsCompleted)
        {
            return;
        }

        live.Log.Add(new ReconnectingMessage(Attempt: 1, Delay: 0));
        await live.Starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (live.Starting.IsCompletedSuccessfully)
        {
            live.Log.Add(new ReconnectedMessage((long)time.GetElapsedTime(begun).TotalMilliseconds));
        }
    }

    private TranscriptionSession Create(SessionRequest request)
    {
        try
        {
            return client.CreateSession(request.Options);
        }
        catch (ArgumentException exception)
        {
            throw new RefusedException(Refusal.Wrong(exception));
        }
    }

    private void Remove(LiveSession session)
    {
        _sessions.TryRemove(new(session.Id, session));
        Telemetry.ActiveSessions.Add(-1);
        Log.Ended(logger, session.Id);
    }
}
