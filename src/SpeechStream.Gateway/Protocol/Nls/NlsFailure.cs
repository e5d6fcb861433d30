namespace SpeechStream.Gateway.Protocol.Nls;

/// <summary>Ends a task with a <c>TaskFailed</c> of this code and text. Codes and texts are the vendor's; its documents give none for a few
/// of the causes, so those texts are made up in the same manner.</summary>
internal sealed class NlsFailure(int status, string text) : TaskFailure(FailureCause.Protocol)
{
    private const string ServerErrorText = "Gateway:SERVER_ERROR:Server error!";

    public int Status { get; } = status;

    public override string Message => text;

    public static NlsFailure Malformed(string what) => new(40000002, $"Gateway:MESSAGE_INVALID:{what}!");

    public static NlsFailure UnknownNamespace(string? name) => new(40010001, $"Gateway:NAMESPACE_NOT_FOUND:Namespace '{name}' not found!");

    public static NlsFailure Directive(string what) => new(40010003, $"Gateway:DIRECTIVE_INVALID:{what}!");

    public static NlsFailure AppKeyMissing() => new(40000003, "Gateway:PARAMETER_INVALID:appkey not set");

    public static NlsFailure AppKeyUnknown() => new(40020105, "Meta:APPKEY_NOT_EXIST:Appkey not exist!");

    public static NlsFailure SampleRate() => new(41010101, "UNSUPPORTED_SAMPLE_RATE");

    public static NlsFailure SentenceSilence(int limit) => new(41040205, $"Realtime:PARAMETER_INVALID:max_sentence_silence is not in [200, {limit}]!");

    /// <summary>What this service calls a cause.</summary>
    public static NlsFailure From(TaskFailure failure) => failure switch
    {
        NlsFailure own => own,
        ScriptedFailure scripted => From(scripted),
        { Cause: FailureCause.WrongState } => Malformed($"Can't process message in state'{failure.Detail}'"),
        { Cause: FailureCause.SecondStop } => new(40010005, "Gateway:TASK_STATE_ERROR:Got stop directive while task is stopping!"),
        { Cause: FailureCause.TooManyTasks } => new(40000005, "Gateway:TOO_MANY_REQUESTS:Too many requests!"),
        { Cause: FailureCause.UnsupportedFormat } => new(41010100, "UNSUPPORTED_FORMAT"),
        { Cause: FailureCause.WaveHeader } => new(40000009, $"{failure.Detail} wav header!"),
        { Cause: FailureCause.Container } => new(40000009, $"{failure.Detail}!"),
        { Cause: FailureCause.Idle } => new(
            40000004,
            $"Gateway:IDLE_TIMEOUT:Websocket session is idle for too long time, the last directive is '{failure.Detail}'!"),
        { Cause: FailureCause.ServerError, Detail.Length: > 0 } => new(50000000, $"Gateway:SERVER_ERROR:{failure.Detail}"),
        _ => new(50000000, ServerErrorText),
    };

    /// <summary>A code that isn't a number is the other service's.</summary>
    private static NlsFailure From(ScriptedFailure scripted) => new(scripted.Status ?? 50000000, scripted.Text ?? ServerErrorText);
}
