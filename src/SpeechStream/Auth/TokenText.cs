namespace SpeechStream.Auth;

/// <summary>What a token may consist of: it goes into a header of the handshake.</summary>
internal static class TokenText
{
    /// <summary>What is wrong with the token, without quoting it; null when nothing is.</summary>
    public static string? ProblemOf(string? token) =>
        string.IsNullOrEmpty(token) ? "is empty"
        : token.Any(character => character is < '!' or > '~') ? "has characters that can't stand in a header, such as a space or a line break"
        : null;
}
