using System.Collections.Frozen;

namespace SpeechStream.Protocol.Nls;

/// <summary>A status code of the service (PROTOCOL 6).</summary>
/// <param name="Code">The number in the header of a failure.</param>
/// <param name="Retry">Whether a new task may succeed.</param>
/// <param name="Advice">What the reader of the error message can do.</param>
internal sealed record StatusCode(int Code, Retry Retry, string Advice);

/// <summary>Says for each status code of the service whether to retry, and what to advise. A test checks the table in errors.md against this one.</summary>
internal static class StatusCodes
{
    /// <summary>A sentence, or the whole task, timed out in the service.</summary>
    public const int SentenceTimedOut = 51040104;

    // A task without speech may end with this code instead of a completion (PROTOCOL 3.4).
    private const int SilentSpeech = 40270002;

    // The limit of 10 s without audio is in PROTOCOL 5.1, the limit of the pace in PROTOCOL 4.
    private const string Order = "The messages came in an order or form that it doesn't take. Check AdditionalParameters and the endpoint.";
    private const string Parameter = "Check AppKey, and the parameters in TranscriptionOptions and AdditionalParameters.";
    private const string Idle = "It got no audio for 10 s. Send without long pauses, or leave SilenceAfter below 10 s.";
    private const string Quota = "Too many tasks of the account run at once. Close sessions, set MaxConcurrentSessions, or raise the quota in the vendor's console.";
    private const string Format = "The audio isn't what Format says. Check Format, and that the audio is mono and 16-bit.";
    private const string AppKey = "Check AppKey in the vendor's console.";
    private const string Account = "AppKey and token belong to different accounts or regions. Take both from one.";
    private const string Silence = "Nothing was understood in the audio. Check the microphone, Format and SampleRate.";
    private const string Rate = "Set SampleRate to that of the audio, and choose a model for it (8000 or 16000) in the project of the app key.";

    private static readonly FrozenDictionary<int, StatusCode> ByCode = new StatusCode[]
    {
        new(40000000, Retry.No, "The status text says what it didn't take."),
        new(40000001, Retry.Token, "Check that the token is current and belongs to the app key's account and region."),
        new(40000002, Retry.No, Order),
        new(40000003, Retry.No, Parameter),
        new(40000004, Retry.Idle, Idle),
        new(40000005, Retry.Quota, Quota),
        new(40000009, Retry.No, Format),
        new(40000010, Retry.No, "The free trial has ended, or a bill is due. Change to the commercial version in the vendor's console."),
        new(40010001, Retry.No, Order),
        new(40010003, Retry.No, Parameter),
        new(40010004, Retry.No, "The connection was closed before the task was complete. Stop the session before it is disposed."),
        new(40010005, Retry.No, Order),
        new(40020105, Retry.No, AppKey),
        new(40020106, Retry.No, Account),
        new(SilentSpeech, Retry.No, Silence),
        new(40270003, Retry.No, Format),
        new(41000002, Retry.No, AppKey),
        new(41000003, Retry.No, Account),
        new(41010100, Retry.No, Format),
        new(41010101, Retry.No, Rate),
        new(41010104, Retry.No, "A sentence was too long. Lower MaxSentenceSilence, or set EnableMultiThresholdMode."),
        new(41010105, Retry.No, Silence),
        new(41010120, Retry.Idle, Idle),
        new(41040201, Retry.Idle, Idle),
        new(41040202, Retry.TooFast, "Audio came too fast. Leave SendRate and CatchUpRate near 1."),
        new(41040203, Retry.No, Format),
        new(41040204, Retry.No, Order),
        new(41040205, Retry.No, "Set MaxSentenceSilence to between 200 and 2000 ms, which older models take at most."),
        new(41050008, Retry.No, Rate),
        new(43040001, Retry.Quota, Quota),
    }.ToFrozenDictionary(status => status.Code);

    public static IReadOnlyCollection<StatusCode> Table => ByCode.Values;

    /// <summary>The entry of a code. For a code that isn't listed, its first digit decides (PROTOCOL 6).</summary>
    public static StatusCode Of(int code) => ByCode.GetValueOrDefault(code) ?? code switch
    {
        >= 50000000 and <= 59999999 => new(code, Retry.Yes, "The fault is the service's. Try again later."),
        _ => new(code, Retry.No, "Look the code up in the vendor's API reference."),
    };

    public static bool IsSilence(int code) => code == SilentSpeech;

    /// <param name="code">The status code of the service.</param>
    /// <param name="statusText">The service's explanation, without secrets.</param>
    /// <param name="taskId">Id of the task that failed.</param>
    public static SpeechStreamException ToException(int code, string statusText, string taskId)
    {
        var status = Of(code);
        var said = statusText.Length == 0 ? "" : $" ({statusText})";
        var message = $"The service gave up task {taskId} with status {code}{said}. {status.Advice}";
        var failure = new TaskFailed { TaskId = taskId, StatusCode = code, StatusText = statusText };
        return status.Retry == Retry.Token
            ? new SpeechAuthenticationException(message) { StatusCode = code, TaskId = taskId, Failure = failure }
            : new SpeechServiceException(message) { StatusCode = code, StatusText = statusText, TaskId = taskId, Failure = failure, Retry = status.Retry };
    }
}
