using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace SpeechStream.AspNetCore.Sessions;

/// <summary>What a request asks for, checked.</summary>
/// <param name="Login">Who has signed in; null for nobody.</param>
/// <param name="Address">Where the request comes from, which changes when a phone leaves its wireless network.</param>
/// <param name="Rate">Samples per second of 16-bit mono PCM; null for audio in a container.</param>
/// <param name="Options">The settings of the session.</param>
internal sealed record SessionRequest(string? Login, string Address, int? Rate, TranscriptionOptions Options)
{
    public static SessionRequest Of(HttpContext http, int? rate, TranscriptionOptions options) => new(
        http.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? http.User.Identity?.Name, $"{http.Connection.RemoteIpAddress}", rate, options);

    /// <summary>Whether both take the places of the same user.</summary>
    public bool IsOfSameUser(SessionRequest other) => Login == other.Login && (Login is not null || Address == other.Address);
}
