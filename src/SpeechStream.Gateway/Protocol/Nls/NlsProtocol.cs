using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Protocol.Nls;

/// <summary>The protocol of NLS, namespace <c>SpeechTranscriber</c>.</summary>
internal sealed class NlsProtocol(LocalGatewayOptions options) : ITaskProtocol
{
    private readonly NlsEvents _events = new(options);

    public TimeSpan IdleTimeout { get; } = options.IdleTimeout ?? TimeSpan.FromSeconds(10);

    public TimeSpan? TimeBetweenTasks => null;

    public Command Read(ReadOnlyMemory<byte> message) => NlsCommands.Parse(message, options.AppKeys);

    public Command? Recognize(ReadOnlyMemory<byte> message) => NlsCommands.Recognize(message);

    public TaskParameters ReadParameters(Command start) => NlsParameters.Parse(start.Payload, options.MaxSentenceSilenceLimit);

    public int? ReadSentenceSilence(Command control) => NlsParameters.ParseSentenceSilence(control.Payload, options.MaxSentenceSilenceLimit);

    public byte[] Started(string taskId, TaskParameters parameters) => _events.Started(taskId, parameters.SessionId);

    public byte[] Completed(string taskId, TimeSpan heard) => _events.Completed(taskId);

    public byte[] Failed(string taskId, TaskFailure failure) => _events.Failed(taskId, NlsFailure.From(failure));

    public byte[]? SentenceBegin(SentenceHead sentence) => _events.SentenceBegin(sentence);

    public byte[] ResultChanged(SentenceHead sentence, long time, Hypothesis hypothesis) => _events.ResultChanged(sentence, time, hypothesis);

    public byte[] SentenceEnd(SentenceHead sentence, long time, Hypothesis hypothesis, TimeSpan heard) => _events.SentenceEnd(sentence, time, hypothesis);

    public byte[]? Heartbeat(string taskId) => null;

    public IScriptedEvents OpenScript() => new Script(_events);

    /// <summary>Scripts speak this protocol.</summary>
    private sealed class Script(NlsEvents events) : IScriptedEvents
    {
        public byte[] Write(string name, string taskId, JsonObject? payload, JsonObject? header) => events.Message(name, taskId, payload, header);
    }
}
