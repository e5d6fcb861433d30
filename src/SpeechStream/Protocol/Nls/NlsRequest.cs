using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol.Nls;

/// <summary>What the tasks of a session send: the key of the project, and the payload of the start messages (PROTOCOL 2.3). Thread-safe.</summary>
/// <param name="appKey">Key of the project.</param>
/// <param name="options">The validated options. They are copied, so the objects in them may change afterwards.</param>
/// <exception cref="ArgumentException">An additional parameter can't be written as JSON.</exception>
internal sealed class NlsRequest(string appKey, TranscriptionOptions options) : ITaskRequest
{
    public string AppKey => appKey;

    /// <summary>The name of control messages.</summary>
    public string ControlName { get; } = options.ControlMessageName;

    /// <summary>The parameters of the start message.</summary>
    public RequestParameters Parameters { get; } = new(StartParameters.Of(options), options.AdditionalParameters);

    public void Merge(ControlPayload control) => Parameters.Merge(control);

    public ISpeechTask CreateTask(Redactor redactor) => new NlsTask(this, redactor);
}
