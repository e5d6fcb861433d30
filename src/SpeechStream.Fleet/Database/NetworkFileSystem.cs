namespace SpeechStream.Fleet.Database;

/// <summary>File systems of other machines, whose locks SQLite can't rely on: the file would be damaged sooner or later.</summary>
internal static class NetworkFileSystem
{
    private static readonly string[] Formats = ["nfs", "cifs", "smb", "9p", "afs", "ceph", "gluster", "lustre", "gpfs", "beegfs", "fuse.sshfs", "fuse.s3fs", "fuse.rclone", "fuse.juicefs", "fuse.ossfs", "prl_fs", "vboxsf", "webdav", "davfs"];

    /// <exception cref="ArgumentException">The file would be on such a file system.</exception>
    public static void Refuse(string path)
    {
        var file = Path.GetFullPath(path);
        var drive = new DriveInfo(Path.GetDirectoryName(file) ?? file);
        if (drive.IsReady && Is(drive.DriveType, drive.DriveFormat))
        {
            throw new ArgumentException(
                $"{path} is on a network file system ({drive.DriveFormat}), where SQLite can't lock its file. Put it on a disk of this machine, or use PostgreSQL for several machines.");
        }
    }

    public static bool Is(DriveType type, string format) =>
        type == DriveType.Network || Formats.Any(other => format.StartsWith(other, StringComparison.OrdinalIgnoreCase));
}
