using DistTrain.Data.Catalog;

namespace DistTrain.Data.Tests.Catalog;

public sealed class DatasetCatalogTests
{
    [Fact]
    public void Every_download_has_a_home_a_size_and_well_formed_digests()
    {
        DatasetCatalog.All.Select(set => set.Name).ShouldBe(["strokes", "mnist", "fashion-mnist", "cifar10"]);
        foreach (RemoteFile file in DatasetCatalog.All.SelectMany(set => set.Files))
        {
            file.Bytes.ShouldBeGreaterThan(0);
            file.Sha256.ShouldMatch("^[0-9a-f]{64}$");
            file.Md5.ShouldMatch("^[0-9a-f]{32}$");
            file.Mirrors.ShouldNotBeEmpty();
            file.Mirrors.ShouldAllBe(
                mirror => mirror.AbsolutePath.EndsWith("/" + file.Name, StringComparison.Ordinal));
        }

        DatasetCatalog.All.SelectMany(set => set.Files).Select(file => file.Sha256).ShouldBeUnique();
    }

    [Fact]
    public void Only_an_incomplete_set_has_a_shortfall()
    {
        DatasetCatalog.Shortfall("mnist", 60_000, 10_000).ShouldBe("");
        DatasetCatalog.Shortfall("mnist", 60_000, 0).ShouldContain("60,000 and 10,000");
        DatasetCatalog.Shortfall("csv", 1, 1).ShouldBe("");
        DatasetCatalog.Find("csv").ShouldBeNull();
    }
}
