namespace SpeechStream.Cli.Output;

/// <summary>Writes a file that is there either whole or not at all: under another name first, in the same folder, where renaming is one step.</summary>
internal static class AtomicFile
{
    /// <summary>Makes the folder for files, unless it is there, and tries whether a file can be made in it: that is better told now than when the first recording is done.</summary>
    /// <exception cref="IOException">It can't; the message says what to do.</exception>
    public static string MakeFolder(string path)
    {
        if (File.Exists(path))
        {
            throw new IOException($"--output is {path}, which is a file. Give a folder.");
        }

        try
        {
            var folder = Directory.CreateDirectory(path).FullName;
            new FileStream(Path.Combine(folder, $".{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            return folder;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"--output is {path}, where no file can be made. Give a folder that you may write to.", exception);
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
