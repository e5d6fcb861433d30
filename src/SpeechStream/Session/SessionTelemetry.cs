using System.Diagnostics;
using SpeechStream.Diagnostics;

namespace SpeechStream.Session;

/// <summary>A session's span and its figures. They are recorded at each final and at the end; nothing is done per frame.</summary>
internal sealed class SessionTelemetry(SessionParts parts)
{
    private readonly TimeProvider _time = parts.Client.Options.TimeProvider;
    private readonly KeyValuePair<string, object?> _server = new("server.address", parts.Client.Options.Endpoint.Host);
    private ActivityContext _parent;
    private Activity? _span;
    private long _startedAt;
    private bool _isRunning;
    private bool _hasResult;

    // What the counters have been told already.
    private (TimeSpan Sent, TimeSpan Replayed, TimeSpan Lost, int Dropped) _counted;

    /// <summary>Remembers whose child the span is to be; called by who starts the session, before its tasks lose the caller's context.</summary>
    public void RememberParent() => _parent = Activity.Current?.Context ?? default;

    public void Start()
    {
        _startedAt = _time.GetTimestamp();
        _isRunning = true;
        Telemetry.ActiveSessions.Add(1, _server);
        _span = Telemetry.Source.StartActivity("speechstream.session", ActivityKind.Client, _parent, startTime: _time.GetUtcNow());
        _span?.SetTag(_server.Key, _server.Value);
        _span?.SetTag("server.port", parts.Client.Options.Endpoint.Port);
    }

    /// <summary>The service is ready, for the first time.</summary>
    public void Ready(string taskId) => _span?.SetTag("speechstream.task_id", taskId);

    /// <summary>An attempt to connect for the first time failed, and another follows.</summary>
    public void NotConnected(Exception cause, TimeSpan delay) => TellFailure("not_connected", cause, delay);

    public void Reconnecting(Exception cause, TimeSpan delay) => TellFailure("reconnecting", cause, delay);

    public void Reconnected(string taskId, TimeSpan resumedAt, TimeSpan outage)
    {
        Telemetry.Reconnects.Add(1, _server);
        Tell("reconnected", new()
        {
            ["speechstream.task_id"] = taskId,
            ["speechstream.resumed_at"] = resumedAt.TotalSeconds,
            ["speechstream.outage"] = outage.TotalSeconds,
        });
    }

    public void Gap(AudioGap gap) => Tell("audio_gap", new() { ["speechstream.from"] = gap.From.TotalSeconds, ["speechstream.to"] = gap.To.TotalSeconds });

    /// <summary>An interim result or a final was read.</summary>
    public void Result()
    {
        if (!_hasResult)
        {
            _hasResult = true;
            Telemetry.TimeToFirstResult.Record(_time.GetElapsedTime(_startedAt).TotalSeconds, _server);
        }
    }

    public void Final(SentenceEnd final)
    {
        Result();
        if (final.Latency is { } latency)
        {
            Telemetry.FinalLatency.Record(latency.TotalSeconds, _server);
        }

        Telemetry.UnreadEvents.Record(parts.Events.Unread, _server);
        var lost = parts.Rate?.ToTime(parts.Buffer.Lost) ?? TimeSpan.Zero;
        Count(parts.Statistics.AudioSent, parts.Statistics.AudioReplayed, lost);
    }

    public void End(SessionSummary summary)
    {
        if (!_isRunning)
        {
            return;
        }

        Count(summary.AudioSent, summary.AudioReplayed, summary.AudioLost);
        Telemetry.ActiveSessions.Add(-1, _server);
        var outcome = summary.Error switch { null => "completed", OperationCanceledException or ObjectDisposedException => "aborted", _ => "failed" };
        var tags = new TagList { _server, new("speechstream.outcome", outcome) };
        if (outcome == "failed")
        {
            tags.Add("error.type", summary.Error!.GetType().FullName);
        }

        Telemetry.SessionDuration.Record(_time.GetElapsedTime(_startedAt).TotalSeconds, tags);
        if (_span is null)
        {
            return;
        }

        _span.SetTag("speechstream.outcome", outcome);
        _span.SetTag("speechstream.sentences", summary.Sentences);
        _span.SetTag("speechstream.reconnects", summary.Reconnects);
        _span.SetTag("speechstream.audio.written", summary.AudioWritten.TotalSeconds);
        _span.SetTag("speechstream.audio.lost", summary.AudioLost.TotalSeconds);
        if (outcome == "failed")
        {
            // Our own messages are free of secrets; nothing is known of the caller's.
            _span.SetTag("error.type", summary.Error!.GetType().FullName);
            _span.SetStatus(ActivityStatusCode.Error, (summary.Error as SpeechStreamException)?.Message);
        }

        _span.SetEndTime(_time.GetUtcNow().UtcDateTime);
        _span.Dispose();
    }

    private void TellFailure(string name, Exception cause, TimeSpan delay) =>
        Tell(name, new() { ["error.type"] = cause.GetType().FullName, ["speechstream.delay"] = delay.TotalSeconds });

    private void Tell(string name, ActivityTagsCollection tags) => _span?.AddEvent(new ActivityEvent(name, _time.GetUtcNow(), tags));

    private void Count(TimeSpan sent, TimeSpan replayed, TimeSpan lost)
    {
        var dropped = parts.Events.InterimResultsDropped;
        Telemetry.AudioSent.Add((sent - _counted.Sent).TotalSeconds, _server);
        Telemetry.AudioReplayed.Add((replayed - _counted.Replayed).TotalSeconds, _server);
        Telemetry.AudioLost.Add((lost - _counted.Lost).TotalSeconds, _server);
        Telemetry.InterimResultsDropped.Add(dropped - _counted.Dropped, _server);
        _counted = (sent, replayed, lost, dropped);
    }
}
