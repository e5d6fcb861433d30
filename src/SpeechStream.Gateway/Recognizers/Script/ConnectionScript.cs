namespace SpeechStream.Gateway.Recognizers.Script;

/// <summary>What happens on one connection.</summary>
/// <param name="Engine">What makes sentences beside the steps.</param>
/// <param name="SendsStarted">Whether a start is answered without a step that says so.</param>
/// <param name="SendsCompleted">Whether the completion is sent, when the task is stopped and the steps are done.</param>
/// <param name="PingEvery">How often the server pings; null: never.</param>
/// <param name="Refuse">The answer to the handshake instead of an upgrade.</param>
/// <param name="Steps">Run one after another, from the handshake on.</param>
internal sealed record ConnectionScript(
    RecognitionEngine Engine,
    bool SendsStarted,
    bool SendsCompleted,
    TimeSpan? PingEvery,
    ScriptRefusal? Refuse,
    IReadOnlyList<ScriptStep> Steps);
