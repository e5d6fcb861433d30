using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
using SpeechStream.Diagnostics;

namespace SpeechStream.Transport;

/// <summary>Tells a socket's failures apart: what may go away by itself, and what won't.</summary>
internal static class SocketFailure
{
    /// <summary>Something that a network does. Anything else is a bug, ours or in a function of the caller's: trying again would only hide it.</summary>
    public static bool IsOne(Exception exception) =>
        exception is SpeechStreamException or WebSocketException or HttpRequestException or IOException or SocketException or AuthenticationException

            // In this order: a call after an abort, a ping without its pong, a time limit that ConfigureHandler sets.
            or ObjectDisposedException or OperationCanceledException or TimeoutException;

    /// <summary>Throws the bug, as it was thrown first, that the framework has wrapped into a network's failure; returns when there is none.</summary>
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

    /// <summary>A connection that stood has failed.</summary>
    /// <param name="exception">What the socket threw.</param>
    /// <param name="redactor">Knows the connection's secrets.</param>
    public static SpeechStreamException Lost(Exception exception, Redactor redactor) => exception switch
    {
        SpeechStreamException typed => typed,

        // The socket throws this of its own accord; no token is ever given to it.
        OperationCanceledException => Transient("The service didn't answer a ping in time: the connection is taken for lost.", redactor.Redact(exception)),

        // What came were bytes, but no WebSocket: another try would bring the same.
        WebSocketException { WebSocketErrorCode: WebSocketError.Faulted or WebSocketError.HeaderError or WebSocketError.InvalidMessageType, InnerException: null } =>
            new SpeechProtocolException("What came over the connection isn't the WebSocket protocol. Check that the endpoint, and any proxy on the way, is the service.", redactor.Redact(exception)),
        _ => Transient("The connection to the service was lost.", redactor.Redact(exception)),
    };

    /// <summary>A connection couldn't be made.</summary>
    /// <param name="exception">What the socket threw.</param>
    /// <param name="host">Where to.</param>
    /// <param name="redactor">Knows the attempt's secrets, which the framework quotes from an answer that it can't read.</param>
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
                        $"The certificate of {host} was refused. Check the endpoint and the clock, or add your authority with ConfigureHandler.", cause);
            }
        }

        return exception is WebSocketException { InnerException: null }
            ? new SpeechConnectionException($"{host} answered, but not as a WebSocket server. Check the endpoint and any proxy on the way.", cause)
            : Transient($"No connection to {host}. Check the network, the endpoint and the proxy.", cause);
    }

    /// <summary>The service closed the connection in the middle of a task.</summary>
    public static SpeechConnectionException Closed(Closed closed)
    {
        var what = closed.Status is { } status ? $"with status {(int)status}" : "without a status";
        var why = closed.Description is null ? "" : $" and the reason '{closed.Description}'";
        return new($"The service closed the connection {what}{why}, before the task was complete.")
        {
            IsTransient = IsTransient(closed.Status),
            CloseStatus = closed.Status,
        };
    }

    /// <summary>The service answered the handshake with another status than 101.</summary>
    public static SpeechStreamException Refused(HttpStatusCode status, string body, TimeSpan? retryAfter, string host)
    {
        var said = body.Length == 0 ? "" : $": {body}";
        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new SpeechAuthenticationException(
                $"{host} refused the token with HTTP {(int)status}{said}. Check that the token is current and belongs to the app key's account and region.")
            {
                HttpStatusCode = status,
            },
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new SpeechConnectionException(
                $"{host} answered with a redirect (HTTP {(int)status}), which isn't followed: it would carry the token elsewhere. Set Endpoint to the address itself.")
            {
                HttpStatusCode = status,
            },
            _ => new SpeechConnectionException($"{host} refused the connection with HTTP {(int)status}{said}.")
            {
                HttpStatusCode = status,
                IsTransient = status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
                RetryAfter = retryAfter,
            },
        };
    }

    private static bool IsTransient(WebSocketCloseStatus? status) => status is null || (int)status.Value is 1000 or 1001 or 1005 or 1006 or (>= 1011 and <= 1014);

    private static SpeechConnectionException Transient(string message, Exception exception) => new(message, exception) { IsTransient = true };
}
