namespace SpeechStream.Gateway.Protocol;

/// <summary>Ends a task with a <c>TaskFailed</c> of this code and text. Codes and texts are the vendor's; its documents give none for a few
/// of the causes, so those texts are made up in the same manner.</summary>
internal sealed class TaskFailure(int status, string text) : Exception(text)
{
    public int Status { get; } = status;

    public static TaskFailure Malformed(string what) => new(40000002, $"Gateway:MESSAGE_INVALID:{what}!");

    public static TaskFailure WrongState(string state) => Malformed($"Can't process message in state'{state}'");

    public static TaskFailure UnknownNamespace(string? name) => new(40010001, $"Gateway:NAMESPACE_NOT_FOUND:Namespace '{name}' not found!");

    public static TaskFailure Directive(string what) => new(40010003, $"Gateway:DIRECTIVE_INVALID:{what}!");

    public static TaskFailure AppKeyMissing() => new(40000003, "Gateway:PARAMETER_INVALID:appkey not set");

    public static TaskFailure AppKeyUnknown() => new(40020105, "Meta:APPKEY_NOT_EXIST:Appkey not exist!");

    public static TaskFailure SampleRate() => new(41010101, "UNSUPPORTED_SAMPLE_RATE");

    public static TaskFailure UnsupportedFormat() => new(41010100, "UNSUPPORTED_FORMAT");

    public static TaskFailure SentenceSilence(int limit) => new(41040205, $"Realtime:PARAMETER_INVALID:max_sentence_silence is not in [200, {limit}]!");

    public static TaskFailure SecondStop() => new(40010005, "Gateway:TASK_STATE_ERROR:Got stop directive while task is stopping!");

    public static TaskFailure TooManyRequests() => new(40000005, "Gateway:TOO_MANY_REQUESTS:Too many requests!");

    public static TaskFailure WaveHeader(string what) => new(40000009, $"{what} wav header!");

    public static TaskFailure ServerError() => new(50000000, "Gateway:SERVER_ERROR:Server error!");

    public static TaskFailure Idle(string lastDirective) => new(
        40000004,
        $"Gateway:IDLE_TIMEOUT:Websocket session is idle for too long time, the last directive is '{lastDirective}'!");
}
