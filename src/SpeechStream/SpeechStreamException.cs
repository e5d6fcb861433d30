using System.Net;
using System.Net.WebSockets;
using SpeechStream.Protocol;

namespace SpeechStream;

/// <summary>Base of every error that isn't the caller's misuse (those are <see cref="ArgumentException"/> and <see cref="InvalidOperationException"/>).</summary>
/// <remarks>
/// Messages of the library say what happened, to which task, and what to do, and secrets never appear in them. The four kinds can be made
/// by anybody: in tests of an application, or by a function given to <see cref="SpeechCredential.FromDelegate"/>, which decides by
/// <see cref="IsTransient"/> whether the session tries again.
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

    /// <summary>The same call may succeed later. The session has retried it already, as far as its options allow.</summary>
    public bool IsTransient
    {
        get => Retry is Retry.Yes or Retry.Quota or Retry.Idle;
        init => Retry = value ? Retry.Yes : Retry.No;
    }

    /// <summary>The service's id of the task that failed; empty when no task existed.</summary>
    public string TaskId { get => _taskId; init => _taskId = value; }

    /// <summary>How many times the session tried to connect before it gave up; 0 when it didn't have to.</summary>
    public int Attempts { get => _attempts; init => _attempts = value; }

    /// <summary>The service's message that this came of; yielded before the exception is thrown. Null for other causes.</summary>
    internal TaskFailed? Failure
    {
        get => _failure;
        init => _failure = value;
    }

    /// <summary>What the session may do about it by itself.</summary>
    internal Retry Retry { get; init; }

    /// <summary>How long the peer asked us to wait before the next attempt (<c>Retry-After</c>); null when it didn't.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>The same error once more, for another session that it ends.</summary>
    internal SpeechStreamException Copy() => (SpeechStreamException)MemberwiseClone();

    /// <summary>The same error as that of a task.</summary>
    internal SpeechStreamException In(string taskId)
    {
        var copy = Copy();
        copy._taskId = taskId;
        return copy;
    }

    /// <summary>The same error as what ended a session, after this many attempts to connect.</summary>
    internal SpeechStreamException After(int attempts)
    {
        var copy = Copy();
        copy._attempts = attempts;
        return copy;
    }

    /// <summary>The same error as what came of a message of the service.</summary>
    internal SpeechStreamException With(TaskFailed? failure)
    {
        var copy = Copy();
        copy._failure = failure;
        return copy;
    }
}

/// <summary>The network, or the server as a network peer: refused, cut, timed out, or closed.</summary>
public sealed class SpeechConnectionException : SpeechStreamException
{
    /// <summary>Makes one, as for tests of an application.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">What it came of.</param>
    public SpeechConnectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Status of the server's close frame; null when there was none.</summary>
    public WebSocketCloseStatus? CloseStatus { get; init; }

    /// <summary>Status of the refused handshake, from the service or a proxy; null when the handshake wasn't answered or succeeded.</summary>
    public HttpStatusCode? HttpStatusCode { get; init; }
}

/// <summary>The token, the access key or the right to use the service was refused.</summary>
public sealed class SpeechAuthenticationException : SpeechStreamException
{
    /// <summary>Makes one, as for tests of an application.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">What it came of.</param>
    public SpeechAuthenticationException(string message, Exception? innerException = null)
        : base(message, innerException) => Retry = Retry.Token;

    /// <summary>Status of the refused handshake or token request; null when the refusal came as a message.</summary>
    public HttpStatusCode? HttpStatusCode { get; init; }

    /// <summary>The service's status code, such as 40000001; null when the refusal came as an HTTP status.</summary>
    public int? StatusCode { get; init; }
}

/// <summary>The service gave up the task and said why.</summary>
public sealed class SpeechServiceException : SpeechStreamException
{
    /// <summary>Makes one, as for tests of an application.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">What it came of.</param>
    public SpeechServiceException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The service's status code, such as 40000003.</summary>
    public int StatusCode { get; init; }

    /// <summary>The service's explanation, with secrets replaced by <c>***</c>.</summary>
    public string StatusText { get; init; } = "";
}

/// <summary>The peer sent what the protocol doesn't allow, or more than was read.</summary>
public sealed class SpeechProtocolException : SpeechStreamException
{
    /// <summary>Makes one, as for tests of an application.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">What it came of.</param>
    public SpeechProtocolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
