using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol.Nls;

/// <summary>One task of the service. Each connection has only one. Several in turn are possible, but the vendor's own client had several bugs there (PROTOCOL 5.5).</summary>
internal sealed class NlsTask : ISpeechTask
{
    private readonly NlsRequest _request;
    private readonly MessageReader _reader;

    /// <param name="request">The parameters of the task.</param>
    /// <param name="redactor">Replaces secrets in the texts of the service.</param>
    public NlsTask(NlsRequest request, Redactor redactor)
    {
        _request = request;
        _reader = new MessageReader(TaskId, redactor);
    }

    public string TaskId { get; } = MessageWriter.NewId();

    public ReadOnlyMemory<byte> WriteStart() => MessageWriter.Start(_request.AppKey, TaskId, _request);

    public ReadOnlyMemory<byte> WriteStop() => MessageWriter.Stop(_request.AppKey, TaskId);

    public ReadOnlyMemory<byte> WriteControl(ControlPayload control) => MessageWriter.Control(_request.AppKey, TaskId, _request.ControlName, control);

    public MessageOutcome Read(ReadOnlySpan<byte> utf8, ServerMessage into) => _reader.Read(utf8, into);
}
