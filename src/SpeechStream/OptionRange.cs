namespace SpeechStream;

/// <summary>Checks the values of both option records. A message names the option, its value, and the allowed range.</summary>
internal static class OptionRange
{
    public static void Check(bool good, string option, string problem)
    {
        if (!good)
        {
            throw new ArgumentException($"{option} {problem}.", option);
        }
    }

    public static void Check<T>(T value, string option, T least, T most)
        where T : IComparable<T>
    {
        if (!(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0))
        {
            throw new ArgumentOutOfRangeException(option, $"{option} is {value}. Allowed: {least} to {most}.");
        }
    }

    /// <summary>The parts of an address that may be printed: not the query or the user, which may be secrets.</summary>
    public static string Printable(Uri? address) =>
        address is { IsAbsoluteUri: true } ? address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : "";

    /// <summary>Allows the secure scheme, and the insecure one only to this machine or with AllowInsecure. Messages never contain the query or the user of the address.</summary>
    public static void CheckEndpoint(Uri? endpoint, string option, string insecureScheme, bool allowInsecure)
    {
        Check(endpoint is { IsAbsoluteUri: true }, option, "isn't an absolute URI");
        var scheme = endpoint!.Scheme;
        Check(scheme == insecureScheme || scheme == insecureScheme + "s", option, $"has the scheme '{scheme}'. Use {insecureScheme}s");
        Check(
            scheme != insecureScheme || endpoint.IsLoopback || allowInsecure,
            option,
            $"is {scheme}://{endpoint.Host}, which would send the token unencrypted. Use {insecureScheme}s, or set AllowInsecure for a network that you trust");
    }
}
