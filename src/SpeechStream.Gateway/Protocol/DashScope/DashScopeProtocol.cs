namespace SpeechStream.Gateway.Protocol.DashScope;

/// <summary>The run-task protocol of DashScope (Model Studio).</summary>
internal sealed class DashScopeProtocol(LocalGatewayOptions options) : ITaskProtocol
{
    private readonly DashScopeEvents _events = new(options);

    public TimeSpan IdleTimeout { get; } = options.IdleTimeout ?? TimeSpan.FromSeconds(23);

    public TimeSpan? TimeBetweenTasks => TimeSpan.FromSeconds(60);

    public Command Read(ReadOnlyMemory<byte> message) => DashScopeCommands.Parse(message);

    public Command? Recognize(ReadOnlyMemory<byte> message) => DashScopeCommands.Recognize(message);

    public TaskParameters ReadParameters(Command start) => DashScopeParameters.Parse(start.Payload, options);

    /// <summary>This service's control message changes the context alone, which is nothing to the recognizers here.</summary>
    public int? ReadSentenceSilence(Command control) => MessageJson.Object(control.Payload, "input") is null ? throw DashScopeFailure.NoInput() : null;

    public byte[] Started(string taskId, TaskParameters parameters) => _events.Started(taskId);

    public byte[] Completed(string taskId, TimeSpan heard) => _events.Finished(taskId, heard);

    public byte[] Failed(string taskId, TaskFailure failure) => _events.Failed(taskId, DashScopeFailure.From(failure, IdleTimeout));

    public byte[]? SentenceBegin(SentenceHead sentence) => options.SendSentenceBegin ? _events.SentenceBegin(sentence) : null;

    public byte[] ResultChanged(SentenceHead sentence, long time, Hypothesis hypothesis) => _events.Interim(sentence, hypothesis);

    public byte[] SentenceEnd(SentenceHead sentence, long time, Hypothesis hypothesis, TimeSpan heard) =>
        _events.SentenceEnd(sentence, time, hypothesis, heard);

    public byte[]? Heartbeat(string taskId) => _events.Heartbeat(taskId);

    public IScriptedEvents OpenScript() => new DashScopeScript(_events, IdleTimeout);
}
