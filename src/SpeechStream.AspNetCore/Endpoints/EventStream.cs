using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SpeechStream.AspNetCore.Diagnostics;
using SpeechStream.AspNetCore.Messages;
using SpeechStream.AspNetCore.Sessions;

namespace SpeechStream.AspNetCore.Endpoints;

/// <summary>What a session says, as server-sent events (WHATWG HTML, 9.2).</summary>
internal sealed class EventStream(LiveSessions sessions)
{
    /// <summary>Proxies close what is silent for long, often after 60 s. An event of a comment only is ignored by browsers.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    /// <summary><c>GET {id}/events</c>: for viewers. They get what was said before, or what they haven't had yet.</summary>
    public async Task ViewAsync(HttpContext http)
    {
        var session = sessions.Find((string)http.Request.RouteValues["id"]!)
            ?? throw new RefusedException(new(StatusCodes.Status404NotFound, "There is no such session here, or it is over.", Retry: false));
        // A browser sends the header when it connects again by itself. A page that does it can't set the header, and says it in the address.
        var after = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : http.Request.Query["after"].ToString();
        long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var seen);
        if (session.Log.IsComplete && seen >= session.Log.Last)
        {
            // Otherwise a browser would ask again and again.
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        Telemetry.Viewers.Add(1);
        try
        {
            await SendAsync(http, session, seen, first: null).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The viewer has left.
        }
        finally
        {
            Telemetry.Viewers.Add(-1);
        }
    }

    /// <summary>Sends messages as they come, until the session has said everything.</summary>
    /// <param name="http">Whom they are sent to.</param>
    /// <param name="session">The session.</param>
    /// <param name="seen">The number of the last message that the reader has.</param>
    /// <param name="first">A message that comes before those of the session.</param>
    /// <exception cref="OperationCanceledException">The reader has left.</exception>
    public async Task SendAsync(HttpContext http, LiveSession session, long seen, ServerMessage? first)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache,no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no"; // nginx
        var body = http.Response.BodyWriter;
        Write(body, "retry: 1000\n\n");
        if (first is not null)
        {
            WriteEvent(body, new(null, MessageJson.Write(first)));
        }

        await body.FlushAsync(http.RequestAborted).ConfigureAwait(false);
        await foreach (var entry in session.Log.ReadAsync(seen, Idle, sessions.Time, isTouched: false, http.RequestAborted).ConfigureAwait(false))
        {
            WriteEvent(body, entry);
            await body.FlushAsync(http.RequestAborted).ConfigureAwait(false);
        }
    }

    private static void WriteEvent(PipeWriter body, LogEntry entry)
    {
        if (entry.Message.IsEmpty)
        {
            Write(body, ":\n\n");
            return;
        }

        if (entry.Seq is { } seq)
        {
            Write(body, FormattableString.Invariant($"id: {seq}\n"));
        }

        Write(body, "data: ");
        entry.Message.Span.CopyTo(body.GetSpan(entry.Message.Length));
        body.Advance(entry.Message.Length);
        Write(body, "\n\n");
    }

    private static void Write(PipeWriter body, string text) => body.Advance(Encoding.ASCII.GetBytes(text, body.GetSpan(text.Length)));
}
