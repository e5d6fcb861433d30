using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol.DashScope;

/// <summary>One task of the service. Each connection has only one, though several in turn are possible (DASHSCOPE 4).</summary>
internal sealed class DashScopeTask : ISpeechTask
{
    private readonly DashScopeRequest _request;
    private readonly MessageReader _reader;

    /// <param name="request">The parameters of the task.</param>
    /// <param name="redactor">Replaces secrets in the texts of the service.</param>
    public DashScopeTask(DashScopeRequest request, Redactor redactor)
    {
        _request = request;
        _reader = new MessageReader(TaskId, redactor, request.WantsInterimResults, request.WantsWords);
    }

    public string TaskId { get; } = Guid.NewGuid().ToString("N");

    public ReadOnlyMemory<byte> WriteStart() => MessageWriter.RunTask(TaskId, _request);

    public ReadOnlyMemory<byte> WriteStop() => MessageWriter.FinishTask(TaskId);

    public ReadOnlyMemory<byte> WriteControl(ControlPayload control) => MessageWriter.ContinueTask(TaskId, control);

    public MessageOutcome Read(ReadOnlySpan<byte> utf8, ServerMessage into) => _reader.Read(utf8, into);
}
