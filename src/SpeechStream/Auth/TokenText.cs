namespace SpeechStream.Auth;

/// <summary>Checks the characters of a token, which is sent in a header of the handshake (PROTOCOL 1.2).</summary>
internal static class TokenText
{
    /// <summary>What is wrong with the token, without quoting it; null when nothing is.</summary>
    public static string? ProblemOf(string? token) =>
        string.IsNullOrEmpty(token) ? "is empty"
        : token.Any(character => character is < '!' or > '~') ? "has characters that can't stand in a header, such as a space or a line break"
        : null;
}
