using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol.Nls;

/// <summary>One task of the service. Each connection has only one. Several in turn are possible, but the vendor's own client had several bugs there (PROTOCOL 5.5).</summary>
internal sealed class NlsTask : ISpeechTask
{
    private readonly string _appKey;
    private readonly string _controlName;
    private readonly NlsRequest _request;
    private readonly MessageReader _reader;

    /// <param name="appKey">Key of the project.</param>
    /// <param name="controlName">Name of control messages.</param>
    /// <param name="request">The parameters of the task.</param>
    /// <param name="redactor">Replaces secrets in the texts of the service.</param>
    public NlsTask(string appKey, string controlName, NlsRequest request, Redactor redactor)
    {
        (_appKey, _controlName, _request) = (appKey, controlName, request);
        _reader = new MessageReader(TaskId, redactor);
    }

    public string TaskId { get; } = MessageWriter.NewId();

    public ReadOnlyMemory<byte> WriteStart() => MessageWriter.Start(_appKey, TaskId, _request);

    public ReadOnlyMemory<byte> WriteStop() => MessageWriter.Stop(_appKey, TaskId);

    public ReadOnlyMemory<byte> WriteControl(ControlPayload control) => MessageWriter.Control(_appKey, TaskId, _controlName, control);

    public MessageOutcome Read(ReadOnlySpan<byte> utf8, ServerMessage into) => _reader.Read(utf8, into);
}
