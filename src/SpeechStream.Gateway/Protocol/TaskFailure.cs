using System.Globalization;

namespace SpeechStream.Gateway.Protocol;

/// <summary>Why a task ends, whatever the service calls it.</summary>
internal enum FailureCause
{
    /// <summary>Something that only one of the services knows; that service's own exception tells it.</summary>
    Protocol,

    /// <summary>A message can't be taken in the state that is the detail.</summary>
    WrongState,

    SecondStop,

    TooManyTasks,

    UnsupportedFormat,

    /// <summary>The header is what the detail says.</summary>
    WaveHeader,

    /// <summary>The audio isn't in the container that its format says; the detail tells why.</summary>
    Container,

    /// <summary>The recognizer failed; the detail may tell how.</summary>
    ServerError,

    /// <summary>Neither text nor audio came; the detail is the last command.</summary>
    Idle,

    /// <summary>Audio came, but nobody spoke.</summary>
    Silence,
}

/// <summary>Ends a task. Whoever finds the cause needn't know the service: each has its own code and text.</summary>
internal class TaskFailure(FailureCause cause, string detail = "", string? command = null) : Exception(cause.ToString())
{
    public FailureCause Cause { get; } = cause;

    public string Detail { get; } = detail;

    /// <summary>What the client said that it can't say now; null: audio.</summary>
    public string? Command { get; } = command;
}

/// <summary>A failure that a script demands.</summary>
/// <param name="code">A code of either service.</param>
/// <param name="text">Null: what the service says with this code.</param>
internal sealed class ScriptedFailure(string code, string? text) : TaskFailure(FailureCause.Protocol)
{
    public string Code { get; } = code;

    /// <summary>Null if the code isn't a number, as those of NLS are.</summary>
    public int? Status => int.TryParse(Code, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;

    public string? Text { get; } = text;
}
