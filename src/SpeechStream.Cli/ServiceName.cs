using System.Reflection;

namespace SpeechStream.Cli;

/// <summary>The names of the service's addresses: those of <see cref="SpeechEndpoints"/>, which configuration knows, too.</summary>
internal static class ServiceName
{
    private static readonly PropertyInfo[] Addresses = typeof(SpeechEndpoints).GetProperties(BindingFlags.Public | BindingFlags.Static);

    public static IEnumerable<string> All => Addresses.Select(address => address.Name);

    /// <summary>Null when it is no name.</summary>
    public static Uri? Find(string name) =>
        (Uri?)Addresses.FirstOrDefault(address => string.Equals(address.Name, name, StringComparison.OrdinalIgnoreCase))?.GetValue(null);
}
