using Microsoft.AspNetCore.Http;
using SpeechStream.AspNetCore.Diagnostics;
using SpeechStream.AspNetCore.Sessions;

namespace SpeechStream.AspNetCore.Endpoints;

/// <summary>The WebSocket of a page: audio in, events out. What is wrong with the request is answered before it becomes one.</summary>
internal sealed class SocketEndpoint(Requests requests, LiveSessions sessions)
{
    public async Task RunAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            throw new RefusedException(new(StatusCodes.Status400BadRequest, "This address takes WebSockets. A recording is sent to its neighbor, file, with POST.", Retry: false));
        }

        var (isFile, rate) = Requests.FormatOf(http.Request);
        var request = await requests.SessionOfAsync(http, isFile, rate).ConfigureAwait(false);
        if (sessions.Stopping.IsCancellationRequested)
        {
            throw new RefusedException(Refusal.Stopping);
        }

        using var webSocket = await http.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        Telemetry.Pages.Add(1);
        try
        {
            using var socket = new PageSocket(webSocket, new ByteAllowance(sessions.Limits.MaxBytesPerSecond, sessions.Time), sessions.Time);
            await new PageConnection(socket, sessions, request).RunAsync(http.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            Telemetry.Pages.Add(-1);
        }
    }
}
