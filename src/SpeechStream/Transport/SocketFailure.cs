using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
using SpeechStream.Diagnostics;

namespace SpeechStream.Transport;

/// <summary>Turns failures of a socket into typed exceptions, and decides which of them are transient.</summary>
internal static class SocketFailure
{
    // DashScope answers with this status when a quota is exceeded, and takes no new task sooner (DASHSCOPE 5).
    private static readonly TimeSpan LeastQuotaDelay = TimeSpan.FromSeconds(2);

    /// <summary>Whether the exception can come from the network. Any other is a bug in this library or in a function of the caller, which a retry would only hide.</summary>
    public static bool IsOne(Exception exception) =>
        exception is SpeechStreamException or WebSocketException or HttpRequestException or IOException or SocketException or AuthenticationException

            // These come, in this order, from a call after an abort, a missing pong, and a time limit that ConfigureHandler sets.
            or ObjectDisposedException or OperationCanceledException or TimeoutException;

    /// <summary>If the framework has wrapped the exception of a bug into one of the network, throws the original; returns otherwise.</summary>
    public static void ThrowBug(Exception exception)
    {
        var cause = exception;
        while (cause is WebSocketException or HttpRequestException && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        if (!IsOne(cause))
        {
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    /// <summary>Makes the exception for the failure of an established connection.</summary>
    /// <param name="exception">What the socket threw.</param>
    /// <param name="redactor">Knows the secrets of the connection.</param>
    public static SpeechStreamException Lost(Exception exception, Redactor redactor) => exception switch
    {
        SpeechStreamException typed => typed,

        // Calls of the socket get no cancellation token, so only the socket itself throws this, when a pong is missing.
        OperationCanceledException => Transient("The service didn't answer a ping in time: the connection is taken for lost. Check the network, or raise PingTimeout.", redactor.Redact(exception)),

        // The peer sends bytes that aren't WebSocket frames, and would do so again after a retry.
        WebSocketException { WebSocketErrorCode: WebSocketError.Faulted or WebSocketError.HeaderError or WebSocketError.InvalidMessageType, InnerException: null } =>
            new SpeechProtocolException("The peer doesn't speak the WebSocket protocol. Check Endpoint, and any proxy on the way.", redactor.Redact(exception)),
        _ => Transient("The connection to the service was lost. Check the network, and any proxy on the way.", redactor.Redact(exception)),
    };

    /// <summary>Makes the exception for a connection that couldn't be made.</summary>
    /// <param name="exception">What the socket threw.</param>
    /// <param name="host">The host to which it couldn't be made.</param>
    /// <param name="redactor">Knows the secrets of the attempt. The framework quotes an answer that it can't read, which may contain them.</param>
    public static SpeechStreamException NotConnected(Exception exception, string host, Redactor redactor)
    {
        ThrowBug(exception);
        var cause = redactor.Redact(exception);
        for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case SpeechStreamException refusal:
                    return refusal;
                case AuthenticationException:
                    return new SpeechConnectionException(
                        $"The certificate of {host} was refused, or it doesn't speak TLS, as an address with ws says: {redactor.Redact(inner.Message).TrimEnd('.')}. "
                        + "Check the endpoint and the clock, or add your authority with ConfigureHandler.", cause);
            }
        }

        return exception is WebSocketException { InnerException: null } || IsForeign(exception.InnerException)
            ? new SpeechConnectionException($"{host} answered, but not as a WebSocket server. Check the endpoint and any proxy on the way.", cause)
            : Transient($"No connection to {host}. Check the network, the endpoint and the proxy.", cause);
    }

    /// <summary>Whether the peer answered in another protocol than HTTP, as it would again after a retry.</summary>
    public static bool IsForeign(Exception? exception) => exception is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse };

    /// <summary>Makes the exception for a close frame in the middle of a task (PROTOCOL 3.4).</summary>
    public static SpeechConnectionException Closed(Closed closed)
    {
        var what = closed.Status is { } status ? $"with status {(int)status}" : "without a status";
        var why = closed.Description is null ? "" : $" and the reason '{closed.Description}'";
        var isTransient = IsTransient(closed.Status);
        var advice = isTransient ? "Try again later." : "Check Endpoint, and the options of the session.";
        return new($"The service closed the connection {what}{why}, before the task was complete. {advice}")
        {
            IsTransient = isTransient,
            CloseStatus = closed.Status,
        };
    }

    /// <summary>Makes the exception for a handshake that was answered with another status than 101 (PROTOCOL 1.3, DASHSCOPE 1).</summary>
    public static SpeechStreamException Refused(SpeechService service, HttpStatusCode status, string body, TimeSpan? retryAfter, string host)
    {
        var said = body.Length == 0 ? "" : $": {body}";
        var isTransient = status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new SpeechAuthenticationException(
                service == SpeechService.DashScope
                    ? $"{host} refused the API key with HTTP {(int)status}{said}. Check that the key is current, belongs to the endpoint's region, and may use the model."
                    : $"{host} refused the token with HTTP {(int)status}{said}. Check that the token is current and belongs to the app key's account and region.")
            {
                HttpStatusCode = status,
                RefusalBody = body,
            },
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new SpeechConnectionException(
                $"{host} answered with a redirect (HTTP {(int)status}), which isn't followed: it would carry the token elsewhere. Set Endpoint to the address itself.")
            {
                HttpStatusCode = status,
                RefusalBody = body,
            },
            _ => new SpeechConnectionException($"{host} refused the connection with HTTP {(int)status}{said}. {Advice()}")
            {
                HttpStatusCode = status,
                RefusalBody = body,
                IsTransient = isTransient,
                RetryAfter = status == HttpStatusCode.TooManyRequests && service == SpeechService.DashScope && !(retryAfter > LeastQuotaDelay) ? LeastQuotaDelay : retryAfter,
            },
        };

        string Advice() => isTransient ? "Try again later."
            : status == HttpStatusCode.NotFound ? "Check the path of the endpoint."
            : "Check Endpoint, and any proxy on the way.";
    }

    private static bool IsTransient(WebSocketCloseStatus? status) => status is null || (int)status.Value is 1000 or 1001 or 1005 or 1006 or (>= 1011 and <= 1014);

    private static SpeechConnectionException Transient(string message, Exception exception) => new(message, exception) { IsTransient = true };
}
