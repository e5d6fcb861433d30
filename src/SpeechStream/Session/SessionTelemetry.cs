using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SpeechStream.Diagnostics;

namespace SpeechStream.Session;

/// <summary>Records the trace and the metrics of a session, at each final result and at the end but not for each frame. Lives as long as the session.</summary>
/// <remarks>The listeners are code of the application that runs inside these calls. When one throws, its measurement is lost and logged, but the session continues.</remarks>
[SuppressMessage("Design", "CA1031", Justification = "Whatever a listener throws is logged, and ends nothing.")]
internal sealed class SessionTelemetry(Uri endpoint, SpeechService service, TimeProvider time, ILogger logger, SessionStatistics statistics)
{
    private readonly KeyValuePair<string, object?> _server = new("server.address", endpoint.Host);
    private readonly KeyValuePair<string, object?> _service = new("speechstream.service", service == SpeechService.DashScope ? "dashscope" : "nls");
    private ActivityContext _parent;
    private Activity? _span;
    private bool _hasResult;
    private bool _hasFailed;

    // The totals that were added to the counters already.
    private (TimeSpan Sent, TimeSpan Replayed, TimeSpan Lost, int InterimResultsDropped) _counted;

    /// <summary>Remembers the caller's span as the parent. Called on the thread that starts the session, since its tasks don't have the caller's context.</summary>
    public void RememberParent() => _parent = Activity.Current?.Context ?? default;

    public void Start()
    {
        Guard(static telemetry => Telemetry.ActiveSessions.Add(1, telemetry._server, telemetry._service));
        Guard(static telemetry => telemetry.StartSpan());
    }

    /// <summary>Called when the service is ready for the first time.</summary>
    public void OnReady(string taskId) => _span?.SetTag("speechstream.task_id", taskId);

    /// <summary>Records that an attempt to connect failed before the first start, and that another follows.</summary>
    public void OnNotConnected(Exception cause, TimeSpan delay) => AddFailure("not_connected", cause, delay);

    public void OnReconnecting(Exception cause, TimeSpan delay) => AddFailure("reconnecting", cause, delay);

    public void OnReconnected(string taskId, TimeSpan resumedAt, TimeSpan outage)
    {
        Guard(static telemetry => Telemetry.Reconnects.Add(1, telemetry._server, telemetry._service));
        AddEvent("reconnected", new()
        {
            ["speechstream.task_id"] = taskId,
            ["speechstream.resumed_at"] = resumedAt.TotalSeconds,
            ["speechstream.outage"] = outage.TotalSeconds,
        });
    }

    public void OnGap(AudioGap gap) => AddEvent("audio_gap", new() { ["speechstream.from"] = gap.From.TotalSeconds, ["speechstream.to"] = gap.To.TotalSeconds });

    /// <summary>Called when the service has sent an interim result or a final result.</summary>
    public void OnResult()
    {
        if (!_hasResult)
        {
            _hasResult = true;
            Guard(static telemetry => Telemetry.TimeToFirstResult.Record(telemetry.Statistics.Elapsed.TotalSeconds, telemetry._server, telemetry._service));
        }
    }

    public void OnFinal(SentenceEnd final)
    {
        OnResult();
        if (final.Latency is { } latency)
        {
            Guard(static (telemetry, latency) => Telemetry.FinalLatency.Record(latency, telemetry._server, telemetry._service), latency.TotalSeconds);
        }

        Guard(static telemetry => Telemetry.UnreadEvents.Record(telemetry.Statistics.Unread, telemetry._server, telemetry._service));
        Guard(static (telemetry, totals) => telemetry.Count(totals), statistics.Totals);
    }

    public void End(SessionSummary summary)
    {
        if (!statistics.IsStarted)
        {
            return;
        }

        Guard(static (telemetry, totals) => telemetry.Count(totals), statistics.Totals with { Lost = summary.AudioLost });
        Guard(static telemetry => Telemetry.ActiveSessions.Add(-1, telemetry._server, telemetry._service));
        Guard(static (telemetry, summary) => telemetry.RecordDuration(summary), summary);
        Guard(static (telemetry, summary) => telemetry.EndSpan(summary), summary);
    }

    private void StartSpan()
    {
        _span = Telemetry.Source.StartActivity("speechstream.session", ActivityKind.Client, _parent, startTime: time.GetUtcNow());
        _span?.SetTag(_server.Key, _server.Value);
        _span?.SetTag(_service.Key, _service.Value);
        _span?.SetTag("server.port", endpoint.Port);
    }

    private SessionStatistics Statistics => statistics;

    private static string Outcome(SessionSummary summary) =>
        summary.Error switch { null => "completed", OperationCanceledException or ObjectDisposedException => "aborted", _ => "failed" };

    private void RecordDuration(SessionSummary summary)
    {
        var tags = new TagList { _server, _service, new("speechstream.outcome", Outcome(summary)) };
        if (Outcome(summary) == "failed")
        {
            tags.Add("error.type", summary.Error!.GetType().FullName);
        }

        Telemetry.SessionDuration.Record(summary.Elapsed.TotalSeconds, tags);
    }

    private void EndSpan(SessionSummary summary)
    {
        if (_span is null)
        {
            return;
        }

        _span.SetTag("speechstream.outcome", Outcome(summary));
        _span.SetTag("speechstream.sentences", summary.Sentences);
        _span.SetTag("speechstream.reconnects", summary.Reconnects);
        _span.SetTag("speechstream.audio.written", summary.AudioWritten.TotalSeconds);
        _span.SetTag("speechstream.audio.lost", summary.AudioLost.TotalSeconds);
        if (summary.BilledAudio is { } billed)
        {
            _span.SetTag("speechstream.audio.billed", billed.TotalSeconds);
        }

        if (Outcome(summary) == "failed")
        {
            // Only messages of this library are recorded, which contain no secrets. An exception of the caller's code may contain some.
            _span.SetTag("error.type", summary.Error!.GetType().FullName);
            _span.SetStatus(ActivityStatusCode.Error, (summary.Error as SpeechStreamException)?.Message);
        }

        _span.SetEndTime(time.GetUtcNow().UtcDateTime);
        _span.Dispose();
    }

    private void AddFailure(string name, Exception cause, TimeSpan delay) =>
        AddEvent(name, new() { ["error.type"] = cause.GetType().FullName, ["speechstream.delay"] = delay.TotalSeconds });

    private void AddEvent(string name, ActivityTagsCollection tags) => _span?.AddEvent(new ActivityEvent(name, time.GetUtcNow(), tags));

    private void Count((TimeSpan Sent, TimeSpan Replayed, TimeSpan Lost, int InterimResultsDropped) totals)
    {
        var before = _counted;
        _counted = totals;
        Telemetry.AudioSent.Add((totals.Sent - before.Sent).TotalSeconds, _server, _service);
        Telemetry.AudioReplayed.Add((totals.Replayed - before.Replayed).TotalSeconds, _server, _service);
        Telemetry.AudioLost.Add((totals.Lost - before.Lost).TotalSeconds, _server, _service);
        Telemetry.InterimResultsDropped.Add(totals.InterimResultsDropped - before.InterimResultsDropped, _server, _service);
    }

    private void Guard(Action<SessionTelemetry> record) => Guard(static (telemetry, record) => record(telemetry), record);

    private void Guard<T>(Action<SessionTelemetry, T> record, T value)
    {
        try
        {
            record(this, value);
        }
        catch (Exception exception)
        {
            if (!_hasFailed)
            {
                _hasFailed = true;
                Log.ListenerFailed(logger, exception);
            }
        }
    }
}
