using Microsoft.AspNetCore.Http;
using SpeechStream.Gateway.Protocol;
using SpeechStream.Gateway.Tokens;

namespace SpeechStream.Gateway.Connections;

/// <summary>One of the services that the gateway stands in for.</summary>
/// <param name="Name">How cassettes name it.</param>
/// <param name="Protocol">What is spoken on its connections.</param>
/// <param name="Check">Who may connect: null, or why a handshake is refused.</param>
internal sealed record SpeechService(string Name, ITaskProtocol Protocol, Func<HttpRequest, HttpRefusal?> Check);
