using System.Runtime.InteropServices;

namespace SpeechStream.Gateway.PocketSphinx;

/// <summary>Finds PocketSphinx 0.8 (5prealpha) by its sonames: later releases have another API under other sonames.</summary>
internal static class NativeLibraries
{
    public const string PocketSphinx = "pocketsphinx";
    public const string SphinxBase = "sphinxbase";

    public const string Installation = "On Debian and Ubuntu: apt-get update && "
        + "apt-get install -y --no-install-recommends libpocketsphinx3 pocketsphinx-en-us";

    private static readonly Lazy<bool> Loaded = new(Load);

    /// <exception cref="RecognizerUnavailableException">They aren't installed, or the platform isn't one they are laid out for.</exception>
    public static void Require()
    {
        if (!Loaded.Value)
        {
            throw new RecognizerUnavailableException($"The libraries of PocketSphinx 0.8 (5prealpha) for a 64-bit Linux are missing. {Installation}");
        }
    }

    private static bool Load()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || !NativeLibrary.TryLoad(SonameOf(PocketSphinx), out _))
        {
            return false;
        }

        NativeLibrary.SetDllImportResolver(
            typeof(NativeLibraries).Assembly,
            (name, _, _) => name is PocketSphinx or SphinxBase ? NativeLibrary.Load(SonameOf(name)) : IntPtr.Zero);
        return true;
    }

    private static string SonameOf(string name) => $"lib{name}.so.3";
}
