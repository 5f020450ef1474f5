"""What staff call a chat: a word for something plain and harmless, drawn at random.

It says nothing of the person, and is nobody's name. Two chats may have one word; `Desk.claim` sees
to it that no operator has two of the same.
"""

import secrets
from collections.abc import Collection
from typing import Final

_WORDS: Final = """
Acorn Agate Alder Almanac Almond Anchor Anise Apple Apricot Apron Aspen Bamboo Barley Basket
Beach Beech Birch Blanket Bluebell Bolster Bookcase Bowl Bracken Bramble Branch Breeze Bridge
Brook Bucket Button Candle Canvas Caraway Carpet Carrot Cedar Celery Chalk Chestnut Chicory
Cinnamon Cloud Clove Coast Cobalt Compass Copper Cork Cotton Cove Cress Crocus Cupboard Currant
Curtain Cushion Cypress Dew Dill Doorstep Dune Elm Feather Fence Fennel Fescue Fiddle Field Fig
Fjord Flax Fountain Garlic Gentian Glade Granite Grape Grass Grove Hammock Harbour Harvest
Hawthorn Hayfield Hedge Hill Honey Inlet Island Jug Kelp Kettle Kite Ladder Lagoon Lake Lantern
Larch Leaf Lemon Lettuce Lichen Lighthouse Lilac Lime Linen Lupin Mallow Mango Maple Marble
Marsh Meadow Melon Mica Millet Mint Mitten Moon Moor Mosaic Moss Mulberry Mushroom Mustard
Nectar Notebook Nutmeg Oak Oat Onion Onyx Orange Orchard Paintbrush Papaya Paper Parsley Path
Peach Pear Pebble Pepper Pillow Pine Pitcher Plum Pond Poplar Potato Prairie Prism Pumpkin
Quartz Quilt Quince Radish Rain Raspberry Ribbon Rye Sand Scarf Sea Sedge Sesame Shawl Shell
Silk Silver Slate Slipper Snow Spoon Spring Spruce Stone Stool Straw Stream Sunflower Sunrise
Swan Sycamore Teak Teapot Thicket Thimble Thyme Tomato Topaz Towel Trellis Tulip Turnip
Turquoise Umbrella Valley Vanilla Vase Walnut Water Wave Wheat Wicker Window Woodland Woodruff
Wool Yarn Yarrow Yew
"""
NAMES: Final = tuple(_WORDS.split())


def name(but: Collection[str] = ()) -> str:
    """A name that is none of those, or any when all are taken."""
    free = [one for one in NAMES if one not in but] or NAMES
    return secrets.choice(free)
