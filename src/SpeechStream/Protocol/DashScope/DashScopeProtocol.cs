namespace SpeechStream.Protocol.DashScope;

/// <summary>The run-task protocol of DashScope (Model Studio). PROTOCOL.md beside this file, cited as DASHSCOPE, describes what is known about it.</summary>
internal sealed class DashScopeProtocol : ISpeechProtocol
{
    public KeyValuePair<string, string> AuthenticationHeader(SpeechToken token) => new("Authorization", $"Bearer {token.Id}");

    public ITaskRequest CreateRequest(TranscriptionOptions transcription) => new DashScopeRequest(transcription);
}
