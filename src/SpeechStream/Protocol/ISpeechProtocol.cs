namespace SpeechStream.Protocol;

/// <summary>What a session needs to know about one of the vendor's services. A client has one. Thread-safe.</summary>
/// <remarks>
/// Everything that differs between services (headers, names of messages and parameters, status codes) stays behind this interface, so that the rest of the
/// library works with each of them.
/// </remarks>
internal interface ISpeechProtocol
{
    /// <summary>The header of the handshake that carries the token. It contains a secret and must never be logged.</summary>
    KeyValuePair<string, string> AuthenticationHeader(SpeechToken token);

    /// <summary>Prepares the request that each task of a session makes.</summary>
    /// <param name="options">The validated options. They are copied, so the objects in them may change afterwards.</param>
    /// <exception cref="ArgumentException">A parameter can't be written as JSON.</exception>
    ITaskRequest CreateRequest(TranscriptionOptions options);
}
