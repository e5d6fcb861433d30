using System.Net;
using System.Net.WebSockets;
using SpeechStream.Protocol;

namespace SpeechStream;

/// <summary>Base of all errors except misuse by the caller, which throws <see cref="ArgumentException"/> or <see cref="InvalidOperationException"/>.</summary>
/// <remarks>
/// A message of the library says what happened, to which task, and what to do. It never contains secrets. Your own code can make the four derived types, too: in
/// tests of an application, or in a function for <see cref="SpeechCredential.FromDelegate"/>, where <see cref="IsTransient"/> decides whether the session retries.
/// </remarks>
public abstract class SpeechStreamException : Exception
{
    private string _taskId = "";
    private int _attempts;
    private TaskFailed? _failure;

    private protected SpeechStreamException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the same call may succeed later. The session has already retried it, as often as the options allow.</summary>
    public bool IsTransient
    {
        get => Retry is Retry.Yes or Retry.Quota or Retry.Idle;
        init => Retry = value ? Retry.Yes : Retry.No;
    }

    /// <summary>Id of the task that failed; empty when no task existed.</summary>
    public string TaskId { get => _taskId; init => _taskId = value; }

    /// <summary>How many times the session tried to connect, without progress in between, before it gave up; 0 when it failed for another reason.</summary>
    /// <remarks>A connection that is lost again without progress counts as a try. Progress is defined at <see cref="SpeechStreamClientOptions.MaxReconnectAttempts"/>.</remarks>
    public int Attempts { get => _attempts; init => _attempts = value; }

    /// <summary>The event for the message of the service that caused this, which is delivered before the exception is thrown; null for other causes.</summary>
    internal TaskFailed? Failure
    {
        get => _failure;
        init => _failure = value;
    }

    /// <summary>Whether and how the session may retry by itself.</summary>
    internal Retry Retry { get; init; }

    /// <summary>How long the peer asks to wait before the next attempt (<c>Retry-After</c>); null when it doesn't.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>What the peer said in its refusal of a handshake, without secrets; null for other causes.</summary>
    internal string? RefusalBody { get; init; }

    /// <summary>Copies the error for another session that it ends.</summary>
    internal SpeechStreamException Copy() => (SpeechStreamException)MemberwiseClone();

    /// <summary>Copies the error with the task that it belongs to.</summary>
    internal SpeechStreamException In(string taskId)
    {
        var copy = Copy();
        copy._taskId = taskId;
        return copy;
    }

    /// <summary>Copies the error with the number of attempts to connect.</summary>
    internal SpeechStreamException After(int attempts)
    {
        var copy = Copy();
        copy._attempts = attempts;
        return copy;
    }

    /// <summary>Copies the error with the event for the message of the service that caused it.</summary>
    internal SpeechStreamException With(TaskFailed? failure)
    {
        var copy = Copy();
        copy._failure = failure;
        return copy;
    }
}

/// <summary>The connection failed: it was refused, reset, timed out, or closed.</summary>
public sealed class SpeechConnectionException : SpeechStreamException
{
    /// <summary>Makes an exception, for example in tests of an application.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public SpeechConnectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Status in the close frame of the server; null when there was none.</summary>
    public WebSocketCloseStatus? CloseStatus { get; init; }

    /// <summary>HTTP status of the refused handshake, from the service or a proxy; null when there was no answer or the handshake succeeded.</summary>
    public HttpStatusCode? HttpStatusCode { get; init; }
}

/// <summary>The token or the access key was refused, or doesn't allow the use of the service.</summary>
public sealed class SpeechAuthenticationException : SpeechStreamException
{
    /// <summary>Makes an exception, for example in tests of an application.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public SpeechAuthenticationException(string message, Exception? innerException = null)
        : base(message, innerException) => Retry = Retry.Token;

    /// <summary>HTTP status of the refused handshake or token request; null when the service refused with a message.</summary>
    public HttpStatusCode? HttpStatusCode { get; init; }

    /// <summary>NLS's status code, such as 40000001; null when the refusal was an HTTP status, or by DashScope.</summary>
    public int? StatusCode { get; init; }

    /// <summary>DashScope's error code, such as <c>InvalidApiKey</c>; null when the refusal was an HTTP status, or by NLS.</summary>
    public string? ErrorCode { get; init; }
}

/// <summary>The service gave up the task. The status says why.</summary>
public sealed class SpeechServiceException : SpeechStreamException
{
    /// <summary>Makes an exception, for example in tests of an application.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public SpeechServiceException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>NLS's status code, such as 40000003; 0 from DashScope, whose codes are texts.</summary>
    public int StatusCode { get; init; }

    /// <summary>DashScope's error code, such as <c>InvalidParameter</c>; null from NLS, whose codes are numbers.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The service's explanation, with secrets replaced by <c>***</c>.</summary>
    public string StatusText { get; init; } = "";
}

/// <summary>The peer sent something that the protocol doesn't allow, or more events than the consumer reads.</summary>
public sealed class SpeechProtocolException : SpeechStreamException
{
    /// <summary>Makes an exception, for example in tests of an application.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public SpeechProtocolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
