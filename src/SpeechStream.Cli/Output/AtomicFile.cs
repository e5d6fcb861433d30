namespace SpeechStream.Cli.Output;

/// <summary>Writes a file that is there either whole or not at all: under another name first, in the same folder, where renaming is one step.</summary>
internal static class AtomicFile
{
    /// <summary>Makes the folder for files, unless it is there.</summary>
    /// <exception cref="IOException">It can't be made; the message says what to do.</exception>
    public static string MakeFolder(string path)
    {
        try
        {
            return File.Exists(path) ? throw new IOException($"--output is {path}, which is a file. Give a folder.") : Directory.CreateDirectory(path).FullName;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"--output is {path}, and this folder can't be made. Give one that you may write to.", exception);
        }
    }

    /// <exception cref="IOException">It can't be written; the message says what to do.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        // Always the same name, so that a killed process leaves one of them, and the next run takes it.
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.tmp");
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"{path} can't be written: you may not write to it or its folder. Give another folder with --output.", exception);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
