namespace SpeechStream.Protocol.DashScope;

/// <summary>An error code of the service (DASHSCOPE 5).</summary>
/// <param name="Code">The code in the header of a failure, or with a <c>*</c> at its end the beginning of such codes.</param>
/// <param name="Retry">Whether a new task may succeed.</param>
/// <param name="Advice">What the reader of the error message can do.</param>
internal sealed record ErrorCode(string Code, Retry Retry, string Advice)
{
    public bool Covers(string code) => Code.EndsWith('*') ? code.StartsWith(Code[..^1], StringComparison.Ordinal) : code == Code;
}

/// <summary>Says for each error code of the service whether to retry, and what to advise. A test checks the table in errors.md against this one.</summary>
internal static class ErrorCodes
{
    private const string Idle = "It got no audio for 23 s, or heard only silence for 60 s. Send without long pauses, and leave SilenceAfter below 23 s.";
    private const string Quota = "The account's limit is reached. Close sessions, set MaxConcurrentSessions, or raise the quota in the vendor's console.";
    private const string Silence = "Nothing was understood in the audio. Check the microphone, Format and SampleRate.";
    private const string Server = "The fault is the service's. Try again later.";
    private const string Format = "The audio isn't what Format and SampleRate say, or the model doesn't take it. It must be mono and 16-bit.";
    private const string Account = "The account has no balance or no free quota left. See the vendor's console.";
    private const string ClientError = "CLIENT_ERROR";

    // The first entry that covers a code decides, so an exception comes before the rule.
    private static readonly ErrorCode[] Codes =
    [
        new("InvalidApiKey", Retry.Token, "Check that the API key is current and belongs to the endpoint's region."),
        new("AccessDenied*", Retry.Token, "Check that the API key may use the model, and belongs to the endpoint's region."),
        new("AllocationQuota.FreeTierOnly", Retry.No, Account),
        new("Throttling.AllocationQuota.FreeTierOnly", Retry.No, Account),
        new("Throttling*", Retry.Quota, Quota),
        new("RequestTimeOut", Retry.Idle, Idle),
        new("ResponseTimeout", Retry.Idle, Idle),
        new("NO_VALID_AUDIO_ERROR", Retry.No, Silence),
        new("NO_INPUT_AUDIO_ERROR", Retry.No, Silence),
        new("InternalError*", Retry.Yes, Server),
        new("ModelServingError", Retry.Yes, Server),
        new("ModelUnavailable", Retry.Yes, Server),
        new("SystemError", Retry.Yes, Server),
        new("InvalidParameter", Retry.No, "Check Model, and the parameters in TranscriptionOptions and AdditionalParameters."),
        new("ModelNotFound", Retry.No, "Check Model, and that the endpoint's region has it."),
        new("UNSUPPORTED_FORMAT", Retry.No, Format),
        new(ClientError, Retry.No, Format),
        new("Arrearage", Retry.No, Account),
    ];

    // The same code also means that audio can't be decoded, so here the text decides (DASHSCOPE 5).
    private static readonly ErrorCode IdleClient = new(ClientError, Retry.Idle, Idle);

    public static IReadOnlyCollection<ErrorCode> Table => [.. Codes, IdleClient];

    /// <summary>The entry of a failure.</summary>
    public static ErrorCode Of(string code, string text) =>
        code == ClientError && text.StartsWith("request timeout", StringComparison.OrdinalIgnoreCase) ? IdleClient
        : Array.Find(Codes, known => known.Covers(code)) ?? new(code, Retry.No, "Look the code up in the vendor's API reference.");

    public static bool IsSilence(string code) => code is "NO_VALID_AUDIO_ERROR" or "NO_INPUT_AUDIO_ERROR";

    /// <param name="code">The error code of the service, without secrets.</param>
    /// <param name="text">The service's explanation, without secrets.</param>
    /// <param name="taskId">Id of the task that failed.</param>
    public static SpeechStreamException ToException(string code, string text, string taskId)
    {
        var known = Of(code, text);
        var said = text.Length == 0 || text == code ? "" : $" ({text})";
        var message = $"The service gave up task {taskId} with {(code.Length == 0 ? "no error code" : code)}{said}. {known.Advice}";
        var failure = new TaskFailed { TaskId = taskId, ErrorCode = code, StatusText = text };
        return known.Retry == Retry.Token
            ? new SpeechAuthenticationException(message) { ErrorCode = code, TaskId = taskId, Failure = failure }
            : new SpeechServiceException(message) { ErrorCode = code, StatusText = text, TaskId = taskId, Failure = failure, Retry = known.Retry };
    }
}
