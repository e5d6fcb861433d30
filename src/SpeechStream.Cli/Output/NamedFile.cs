using System.Text;

namespace SpeechStream.Cli.Output;

/// <summary>A file that is written anew, and that an option names. Where the name was forgotten, it would be a recording that is lost, as in <c>--record a.wav</c>.</summary>
internal static class NamedFile
{
    /// <summary>Refuses to replace anything but an earlier file of the same kind.</summary>
    /// <param name="path">The file, which needn't be there.</param>
    /// <param name="option">The option that names it.</param>
    /// <param name="kind">What is written into it.</param>
    /// <param name="beginning">How every file of that kind begins.</param>
    /// <exception cref="ArgumentException">Something else is there.</exception>
    public static void Check(string path, string option, string kind, string beginning)
    {
        // A pipe and a device have no length.
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            return;
        }

        var head = new byte[Encoding.UTF8.GetByteCount(beginning)];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || Encoding.UTF8.GetString(head) != beginning)
        {
            throw new ArgumentException($"{option} is {path}, which is there and is no {kind}. Give another name, or delete it.");
        }
    }
}
