namespace SpeechStream.Protocol;

/// <summary>One of the vendor's services, as far as a session has to know it. A client has one; thread-safe.</summary>
/// <remarks>
/// Whatever only one service has (its headers, its names of messages and parameters, its status codes) stays behind this
/// interface, so that everything else works with the other one too.
/// </remarks>
internal interface ISpeechProtocol
{
    /// <summary>The header of the handshake that carries the token. It holds a secret: never log it.</summary>
    KeyValuePair<string, string> AuthenticationHeader(SpeechToken token);

    /// <summary>Prepares what each task of a session asks for.</summary>
    /// <param name="options">Validated. They are copied, so that what they refer to may change afterwards.</param>
    /// <exception cref="ArgumentException">A parameter can't be written.</exception>
    ITaskRequest CreateRequest(TranscriptionOptions options);
}
