using Microsoft.AspNetCore.Http;

namespace SpeechStream.AspNetCore.Sessions;

/// <summary>What a request asks for, checked.</summary>
/// <param name="User">Whose places it takes.</param>
/// <param name="Rate">Samples per second of 16-bit mono PCM; null for audio in a container.</param>
/// <param name="Options">The settings of the session.</param>
internal sealed record SessionRequest(string User, int? Rate, TranscriptionOptions Options)
{
    /// <summary>The user who has signed in; without a login, the address.</summary>
    public static string UserOf(HttpContext http) =>
        http.User.FindFirst(System.Security.Claims.ClaimTypes.NameIdentifier)?.Value ?? http.User.Identity?.Name ?? $"address {http.Connection.RemoteIpAddress}";
}
