using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SpeechStream.AspNetCore.Sessions;

/// <summary>The secret of a session. The id, which viewers know, is a hash of it: who has the id can't take the session up, on whatever server.</summary>
internal static class SessionKey
{
    private const int Bytes = 32;
    private const int IdBytes = 16;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether it has the form of a key.</summary>
    public static bool IsValid(string? key) => key is { Length: (Bytes * 4 + 2) / 3 } && Base64Url.IsValid(key, out var length) && length == Bytes;

    /// <summary>The id of the session.</summary>
    public static string IdOf(string key) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(key)).AsSpan(0, IdBytes));
}
