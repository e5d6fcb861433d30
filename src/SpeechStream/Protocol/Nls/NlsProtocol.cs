namespace SpeechStream.Protocol.Nls;

/// <summary>The protocol of Intelligent Speech Interaction (NLS), namespace <c>SpeechTranscriber</c>. PROTOCOL.md beside this file describes what is known about it.</summary>
internal sealed class NlsProtocol(SpeechStreamClientOptions options) : ISpeechProtocol
{
    // The service would also accept the token in the query (PROTOCOL 1.2), but proxies log addresses with their query.
    public KeyValuePair<string, string> AuthenticationHeader(SpeechToken token) => new("X-NLS-Token", token.Id);

    public ITaskRequest CreateRequest(TranscriptionOptions transcription) => new NlsRequest(options.AppKey, transcription);
}
