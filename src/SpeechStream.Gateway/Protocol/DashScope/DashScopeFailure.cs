namespace SpeechStream.Gateway.Protocol.DashScope;

/// <summary>Ends a task with a <c>task-failed</c> of this code and text. Codes are the vendor's; its documents give no texts for some
/// causes, so those are made up in the same manner.</summary>
internal sealed class DashScopeFailure(string code, string text) : TaskFailure(FailureCause.Protocol)
{
    private const string InvalidParameter = "InvalidParameter";
    private const string ClientError = "CLIENT_ERROR";
    private const string InvalidApiKey = "InvalidApiKey";
    private const string NoValidAudio = "NO_VALID_AUDIO_ERROR";
    private const string RateQuota = "Throttling.RateQuota";
    private const string UnsupportedFormat = "UNSUPPORTED_FORMAT";
    private const string InternalError = "InternalError";
    private const string DecodeText = "Failed to decode audio";

    public string Code { get; } = code;

    public override string Message => text;

    public static DashScopeFailure Parameter(string what) => new(InvalidParameter, what);

    public static DashScopeFailure Missing(string name) => Parameter($"Missing required parameter '{name}'! Please follow the protocol!");

    /// <summary>The vendor's own words for a start without input.</summary>
    public static DashScopeFailure NoInput() => Parameter("task can not be null");

    /// <summary>An action that doesn't exist, or that the state doesn't allow.</summary>
    public static DashScopeFailure InvalidAction(string name) => Parameter($"Invalid action('{name}')! Please follow the protocol!");

    public static DashScopeFailure UnknownModel() => OfCode("ModelNotFound");

    public static DashScopeFailure Format() => OfCode(UnsupportedFormat);

    /// <summary>What this service calls a cause.</summary>
    public static DashScopeFailure From(TaskFailure failure, TimeSpan idleTimeout) => failure switch
    {
        DashScopeFailure own => own,
        ScriptedFailure scripted => From(scripted, idleTimeout),
        { Cause: FailureCause.WrongState or FailureCause.SecondStop } =>
            failure.Command is { } action ? InvalidAction(action) : Parameter($"Invalid binary message in state '{failure.Detail}'!"),
        { Cause: FailureCause.TooManyTasks } => OfCode(RateQuota),
        { Cause: FailureCause.UnsupportedFormat } => OfCode(UnsupportedFormat),
        { Cause: FailureCause.WaveHeader or FailureCause.Container } => new(ClientError, DecodeText),
        { Cause: FailureCause.Idle } => Idle(idleTimeout),
        { Cause: FailureCause.Silence } => OfCode("RequestTimeOut"),
        { Cause: FailureCause.ServerError, Detail.Length: > 0 } => new(InternalError, failure.Detail),
        _ => OfCode(InternalError),
    };

    /// <summary>A status of NLS becomes the code that means the same.</summary>
    private static DashScopeFailure From(ScriptedFailure scripted, TimeSpan idleTimeout)
    {
        var failure = scripted.Status is { } status ? OfStatus(status, idleTimeout) : OfCode(scripted.Code);
        return scripted.Text is { } text ? new(failure.Code, text) : failure;
    }

    private static DashScopeFailure OfStatus(int status, TimeSpan idleTimeout) => status switch
    {
        40000001 => OfCode(InvalidApiKey),
        40000004 or 41010120 or 41040201 => Idle(idleTimeout),
        40000005 or 43040001 => OfCode(RateQuota),
        40000009 or 40270003 => new(ClientError, DecodeText),
        40000010 => OfCode("Arrearage"),
        40270002 or 41010105 => OfCode(NoValidAudio),
        41010100 or 41040203 => OfCode(UnsupportedFormat),
        >= 50000000 => OfCode(InternalError),
        _ => Parameter("Invalid parameter!"),
    };

    private static DashScopeFailure Idle(TimeSpan limit) => new(ClientError, FormattableString.Invariant($"request timeout after {limit.TotalSeconds} seconds."));

    private static DashScopeFailure OfCode(string code) => new(code, code switch
    {
        InvalidApiKey => "Invalid API-key provided.",
        RateQuota => "Requests rate limit exceeded, please try again later.",
        "ModelNotFound" => "Model can not be found.",
        "RequestTimeOut" => "Response timeout!",
        InternalError => "Internal server error!",
        _ => code,
    });
}
