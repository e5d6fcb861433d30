namespace SpeechStream.Cli.Output;

/// <summary>Writes a file that is there either whole or not at all: under another name first, in the same folder, where renaming is one step.</summary>
internal static class AtomicFile
{
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        // Always the same name, so that a killed process leaves one of them, and the next run takes it.
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.tmp");
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
