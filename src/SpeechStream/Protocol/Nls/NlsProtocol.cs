namespace SpeechStream.Protocol.Nls;

/// <summary>Intelligent Speech Interaction (NLS), namespace <c>SpeechTranscriber</c>. PROTOCOL.md beside this file is what is known of it.</summary>
internal sealed class NlsProtocol(SpeechStreamClientOptions options) : ISpeechProtocol
{
    // PROTOCOL 1.2: a token in the query would work too, but it would get into the logs of proxies.
    public KeyValuePair<string, string> AuthenticationHeader(SpeechToken token) => new("X-NLS-Token", token.Id);

    public ITaskRequest CreateRequest(TranscriptionOptions transcription) => new NlsRequest(options.AppKey, transcription);
}
