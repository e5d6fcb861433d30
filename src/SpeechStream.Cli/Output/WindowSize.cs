using System.Runtime.InteropServices;

namespace SpeechStream.Cli.Output;

/// <summary>The size of a terminal, as Linux knows it now. Where standard input is a pipe, .NET keeps the first one, also when the window changes.</summary>
internal static class WindowSize
{
    private const nuint TerminalGetWindowSize = 0x5413;

    /// <param name="file">The descriptor of the terminal.</param>
    /// <returns>Cells in a line; 0 when that isn't known.</returns>
    public static int ColumnsOf(int file)
    {
        // Rows, columns, and both in pixels.
        var size = new ushort[4];
        return Control(file, TerminalGetWindowSize, size) == 0 ? size[1] : 0;
    }

    [DllImport("libc", EntryPoint = "ioctl")]
    private static extern int Control(int file, nuint request, [Out] ushort[] size);
}
